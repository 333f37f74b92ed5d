"""Prometheus metrics with the names of OpenTelemetry's semantic conventions for MCP (page gen-ai/mcp, section Metrics).

A label of theirs that another one implies is left out: ``gen_ai.operation.name`` (the method says it) and
``rpc.response.status_code`` (``error_type`` says it).

Several processes behind one address set PROMETHEUS_MULTIPROC_DIR, and any of them answers for all.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

from mcp_tools.dispatch.conventions import NETWORK
from mcp_tools.dispatch.observers import UNKNOWN_CALLER, CallerDetails, Observer, Operation
from mcp_tools.protocol.revisions import HANDSHAKE, STATELESS
from mcp_tools.sessions.session import Session

MULTIPLE: Final = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS: Final = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300)
"""Seconds: those of the conventions, and two below them, since most answers take less than ten milliseconds."""

LIVES: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 1800, 3600, 4 * 3600, 24 * 3600)
"""Seconds: those of the conventions, and four above them, since a client stays connected for a day's work."""

NETWORK_LABELS: Final = ["network_transport", "network_protocol_name", "mcp_protocol_version"]

DURATION = Histogram(
    "mcp_server_operation_duration_seconds",
    "Duration of MCP requests",
    ["mcp_method_name", "gen_ai_tool_name", "gen_ai_prompt_name", "error_type", *NETWORK_LABELS],
    buckets=BUCKETS,
)
LIFE = Histogram(
    "mcp_server_session_duration_seconds",
    "Duration of MCP sessions that were closed, told when they end",
    ["error_type", *NETWORK_LABELS],
    buckets=LIVES,
)
SESSIONS = Counter("mcp_server_sessions", "Sessions that began", NETWORK_LABELS[:2])
ENDED = Counter("mcp_server_sessions_ended", "Sessions that ended", ["reason"])
RUNNING = Gauge("mcp_server_operations_running", "Tool calls that run now", multiprocess_mode="livesum")
CONNECTED = Gauge("mcp_server_connections", "Sessions with an open connection", multiprocess_mode="livesum")


class Metrics(Observer):
    """Turns observations into numbers. Labels come from closed sets, so their number is bounded."""

    def session_began(self, session: Session, caller: CallerDetails = UNKNOWN_CALLER) -> None:
        SESSIONS.labels(*NETWORK[session.transport]).inc()

    def sessions_connected(self, sessions: Sequence[Session]) -> None:
        CONNECTED.set(len(sessions))

    def session_ended(self, uid: str, reason: str, session: Session | None = None) -> None:
        ENDED.labels(reason).inc()
        if session is not None:
            revision = session.revision if session.revision in (*HANDSHAKE, *STATELESS) else "unknown"
            kind = "" if reason == "closed" else reason
            life = LIFE.labels(kind, *NETWORK[session.transport], revision)
            life.observe(max(time.time() - session.created, 0))

    def operation_began(self, session: Session | None, caller: CallerDetails = UNKNOWN_CALLER) -> None:
        RUNNING.inc()

    def operation_ended(self, operation: Operation) -> None:
        # What a caller wrote in place of a tool's name is no label: there would be as many as callers like.
        tool = operation.tool if operation.is_offered else ""
        if tool:
            RUNNING.dec()
        error = "tool_error" if operation.error == "error" else operation.error
        DURATION.labels(
            operation.method, tool, operation.prompt, error, *NETWORK[operation.transport], operation.revision
        ).observe(operation.seconds)


def leave() -> None:
    """Takes the gauges of this process out of the sum when it ends."""
    if MULTIPLE in os.environ:
        multiprocess.mark_process_dead(os.getpid())  # type: ignore[no-untyped-call]


async def metrics(request: HttpRequest) -> HttpResponse:
    """``GET /metrics`` in Prometheus' text format."""
    registry = REGISTRY
    if MULTIPLE in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
