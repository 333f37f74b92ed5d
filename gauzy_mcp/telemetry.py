"""OpenTelemetry traces, for whoever sets OTEL_EXPORTER_OTLP_ENDPOINT or OTEL_TRACES_EXPORTER.

Names are those of the semantic conventions for MCP (https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp) and HTTP
clients. What a span tells of a session is the name that operators know it by, since its id is a credential; arguments
and answers are never in a span. Without these variables nothing here is imported.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from gauzy_mcp import __version__

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

log = logging.getLogger("gauzy_mcp.start")

PACKAGES: Final = "opentelemetry-sdk opentelemetry-exporter-otlp-proto-http"
_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_ID: Final = re.compile(r"(?<=/)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?=/|$)", re.IGNORECASE)


def wanted(environ: Mapping[str, str]) -> bool:
    """Whether the standard variables ask for traces."""
    exporter = environ.get("OTEL_TRACES_EXPORTER", "")
    if environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or exporter == "none":
        return False
    return exporter in ("otlp", "console") or any(environ.get(name) for name in _ENDPOINTS)


def tracer() -> Telemetry | None:
    """The tracer of this process; None where nobody wants one, or its packages are not there, which is told."""
    if not wanted(os.environ):
        return None
    try:
        made = Telemetry(_provider())
    except ImportError:
        log.error("OTEL_… asks for traces, and their packages are not installed. Run: pip install %s", PACKAGES)
        return None
    for handler in logging.getLogger().handlers:
        handler.addFilter(made.correlate)
    return made


class Telemetry:
    """The tracer that :mod:`mcp_tools.protocol.tracing` wants, on OpenTelemetry's SDK."""

    def __init__(self, provider: TracerProvider) -> None:
        from opentelemetry import trace
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._trace = trace
        self._provider = provider
        self._tracer = provider.get_tracer("gauzy_mcp", __version__)
        self._propagator = TraceContextTextMapPropagator()

    @contextlib.contextmanager
    def incoming(
        self, method: str, target: str, attributes: Mapping[str, Any], carrier: Mapping[str, str]
    ) -> Iterator[_Incoming]:
        told = {"mcp.method.name": method, **attributes}
        parent = self._propagator.extract(carrier) if carrier else None
        kind = self._trace.SpanKind.SERVER
        with self._tracer.start_as_current_span(
            f"{method} {target}".strip(), parent, kind, told, set_status_on_exception=False
        ) as span:
            yield _Incoming(span)

    @contextlib.contextmanager
    def outgoing(self, method: str, path: str, host: str, inject: Callable[[str, str], None]) -> Iterator[_Outgoing]:
        template = _ID.sub("{id}", path)
        told = {"http.request.method": method, "url.template": template, "server.address": host}
        with self._tracer.start_as_current_span(
            f"{method} {template}", None, self._trace.SpanKind.CLIENT, told
        ) as span:
            carrier: dict[str, str] = {}
            self._propagator.inject(carrier)
            for name, value in carrier.items():
                inject(name, value)
            yield _Outgoing(span)

    def correlate(self, record: logging.LogRecord) -> bool:
        """Adds the ids of the current span to a line of log, under the names that OpenTelemetry's data model has."""
        known = self._trace.get_current_span().get_span_context()
        if known.is_valid:
            record.trace_id, record.span_id = f"{known.trace_id:032x}", f"{known.span_id:016x}"
        return True

    def close(self) -> None:
        """Sends what is left. Blocks for as long as the exporter waits for its collector."""
        self._provider.shutdown()


class _Incoming:
    def __init__(self, span: Span) -> None:
        self._span = span

    def ended(self, *, code: int, tool_error: bool) -> None:
        from opentelemetry.trace import StatusCode

        if code:
            self._span.set_attributes({"rpc.response.status_code": str(code), "error.type": str(code)})
        elif tool_error:
            self._span.set_attribute("error.type", "tool_error")
        if code or tool_error:
            self._span.set_status(StatusCode.ERROR)


class _Outgoing:
    def __init__(self, span: Span) -> None:
        self._span = span

    def answered(self, status: int) -> None:
        from opentelemetry.trace import StatusCode

        self._span.set_attribute("http.response.status_code", status)
        if status >= 400:
            self._span.set_attribute("error.type", str(status))
            self._span.set_status(StatusCode.ERROR)


def _provider() -> TracerProvider:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter

    named = {} if "OTEL_SERVICE_NAME" in os.environ else {"service.name": "gauzy-mcp-server"}
    provider = TracerProvider(resource=Resource.create({"service.version": __version__, **named}))
    exporter: SpanExporter
    if os.environ.get("OTEL_TRACES_EXPORTER") == "console":
        import sys

        exporter = ConsoleSpanExporter(out=sys.stderr)
    else:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter()
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider
