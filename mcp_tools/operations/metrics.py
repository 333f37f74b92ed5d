"""Prometheus metrics with the names of OpenTelemetry's semantic conventions for MCP.

Several processes behind one address set PROMETHEUS_MULTIPROC_DIR, and any of them answers for all.
"""

from __future__ import annotations

import os
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

from mcp_tools.dispatch.observing import Observer, Operation
from mcp_tools.sessions.session import Session

MULTIPLE: Final = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS: Final = (0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)

DURATION = Histogram(
    "mcp_server_operation_duration_seconds",
    "Duration of MCP requests",
    ["mcp_method_name", "gen_ai_tool_name", "error_type", "network_transport", "mcp_protocol_version"],
    buckets=BUCKETS,
)
SESSIONS = Counter("mcp_server_sessions", "Sessions that began", ["network_transport"])
ENDED = Counter("mcp_server_sessions_ended", "Sessions that ended", ["reason"])
RUNNING = Gauge("mcp_server_operations_running", "Tool calls that run now", multiprocess_mode="livesum")
CONNECTED = Gauge("mcp_server_connections", "Sessions with an open connection", multiprocess_mode="livesum")


class Metrics(Observer):
    """Turns observations into numbers. Labels come from closed sets, so their number is bounded."""

    def session_began(self, session: Session) -> None:
        SESSIONS.labels(session.transport).inc()

    def sessions_connected(self, sessions: Sequence[Session]) -> None:
        CONNECTED.set(len(sessions))

    def session_ended(self, uid: str, reason: str) -> None:
        ENDED.labels(reason).inc()

    def operation_began(self, session: Session | None) -> None:
        RUNNING.inc()

    def operation_ended(self, operation: Operation) -> None:
        if operation.tool:
            RUNNING.dec()
        DURATION.labels(
            operation.method, operation.tool, operation.error, operation.transport, operation.revision
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
