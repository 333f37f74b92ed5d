"""OpenTelemetry traces, for whoever sets OTEL_EXPORTER_OTLP_ENDPOINT or OTEL_TRACES_EXPORTER.

Names are those of the semantic conventions for MCP (https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp) and HTTP
clients. What a span tells of a session is the name that operators know it by, since its id is a credential; arguments
and answers are never in a span. Without these variables nothing here is imported.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from gauzy_mcp import __version__

if TYPE_CHECKING:
    from opentelemetry import trace as api
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

log = logging.getLogger("gauzy_mcp.start")

PACKAGES: Final = "opentelemetry-sdk opentelemetry-exporter-otlp-proto-http"
EXPORTERS: Final = frozenset({"otlp", "console"})
PROTOCOL: Final = "http/protobuf"
LEAVE_SECONDS: Final = 3.0
_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_PROTOCOLS: Final = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_ID: Final = re.compile(r"(?<=/)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?=/|$)", re.IGNORECASE)


def exporters(environ: Mapping[str, str]) -> frozenset[str]:
    """Which of :data:`EXPORTERS` the standard variables ask for; none without them. What else they ask for is told."""
    if environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return frozenset()
    named = {name.strip() for name in environ.get("OTEL_TRACES_EXPORTER", "").split(",")} - {""}
    if not named and any(environ.get(name) for name in _ENDPOINTS):
        named = {"otlp"}
    unknown = named - EXPORTERS - {"none"}
    if unknown:
        log.error("OTEL_TRACES_EXPORTER: expected otlp, console or none, not %s", ", ".join(sorted(unknown)))
    return frozenset(named & EXPORTERS)


def tracer() -> Telemetry | None:
    """The tracer of this process; None where nobody wants one, or it cannot be made, which is told."""
    wanted = exporters(os.environ)
    if not wanted:
        return None
    if "otlp" in wanted:
        _warn_of_protocol(os.environ)
    try:
        made = Telemetry(_provider(wanted))
    except ImportError:
        log.error("OTEL_… asks for traces, and their packages are not installed. Run: pip install %s", PACKAGES)
        return None
    except ValueError as error:
        log.error("There are no traces, since a variable OTEL_… has no value that OpenTelemetry can use: %s", error)
        return None
    for handler in logging.getLogger().handlers:
        handler.addFilter(made.correlate)
    return made


class Telemetry:
    """The tracer that :mod:`mcp_tools.protocol.tracing` wants, on OpenTelemetry's SDK."""

    def __init__(self, provider: TracerProvider) -> None:
        from opentelemetry import trace
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._api = trace
        self._provider = provider
        self._tracer = provider.get_tracer("gauzy_mcp", __version__)
        self._propagator = TraceContextTextMapPropagator()
        # Not every ASGI server tells an application that it ends.
        atexit.register(provider.shutdown)

    @contextlib.contextmanager
    def incoming(
        self,
        method: str,
        target: str,
        attributes: Mapping[str, Any],
        message: Mapping[str, str],
        transport: Mapping[str, str],
    ) -> Iterator[Span]:
        told = {"mcp.method.name": method, **attributes}
        parent, links = self._origin(message, transport)
        with self._span(f"{method} {target}".strip(), self._api.SpanKind.SERVER, told, parent, links) as span:
            yield span

    @contextlib.contextmanager
    def outgoing(
        self, method: str, path: str, host: str, port: int, inject: Callable[[str, str], None]
    ) -> Iterator[Span]:
        template = _ID.sub("{id}", path)
        told = {
            "http.request.method": method,
            "url.template": template,
            "server.address": host,
            "server.port": port,
        }
        with self._span(f"{method} {template}", self._api.SpanKind.CLIENT, told) as span:
            carrier: dict[str, str] = {}
            self._propagator.inject(carrier)
            for name, value in carrier.items():
                inject(name, value)
            yield span

    def correlate(self, record: logging.LogRecord) -> bool:
        """Adds the ids of the current span to a line of log, under the names that OpenTelemetry's data model has."""
        known = self._api.get_current_span().get_span_context()
        if known.is_valid:
            record.trace_id, record.span_id = f"{known.trace_id:032x}", f"{known.span_id:016x}"
        return True

    def close(self) -> None:
        """Sends what is left. Blocks, at most :data:`LEAVE_SECONDS`: a collector that is away must not keep us."""
        atexit.unregister(self._provider.shutdown)
        leaving = threading.Thread(target=self._provider.shutdown, name="telemetry", daemon=True)
        leaving.start()
        leaving.join(LEAVE_SECONDS)

    @contextlib.contextmanager
    def _span(
        self,
        name: str,
        kind: api.SpanKind,
        attributes: Mapping[str, Any],
        parent: Context | None = None,
        links: list[api.Link] | None = None,
    ) -> Iterator[Span]:
        # An exception is told by its name alone: messages and tracebacks may quote what a call is about.
        with self._tracer.start_as_current_span(
            name, parent, kind, attributes, links, record_exception=False, set_status_on_exception=False
        ) as started:
            span = Span(started, self._api.StatusCode.ERROR)
            try:
                yield span
            except asyncio.CancelledError:
                span.fail("cancelled")
                raise
            except BaseException as error:
                span.fail(type(error).__qualname__)
                raise

    def _origin(self, *carriers: Mapping[str, str]) -> tuple[Context | None, list[api.Link]]:
        """The parent that the first well-formed carrier tells, and links to what the others tell."""
        found = [context for carrier in carriers if (context := self._read(carrier)) is not None]
        spans = [self._api.get_current_span(context).get_span_context() for context in found[1:]]
        return (found[0] if found else None), [self._api.Link(span) for span in spans]

    def _read(self, carrier: Mapping[str, str]) -> Context | None:
        from opentelemetry.context import Context

        if not carrier:
            return None
        context = self._propagator.extract(carrier, Context())
        return context if self._api.get_current_span(context).get_span_context().is_valid else None


class Span:
    def __init__(self, span: api.Span, failed: api.StatusCode) -> None:
        self._span = span
        self._failed = failed

    def tell(self, attributes: Mapping[str, Any]) -> None:
        self._span.set_attributes(attributes)

    def fail(self, kind: str) -> None:
        self._span.set_attribute("error.type", kind)
        self._span.set_status(self._failed)


def _warn_of_protocol(environ: Mapping[str, str]) -> None:
    named = next((environ[name] for name in _PROTOCOLS if environ.get(name)), PROTOCOL)
    if named != PROTOCOL:
        log.warning("OTEL_EXPORTER_OTLP_PROTOCOL: %s is not spoken here; spans are sent by %s", named, PROTOCOL)


def _provider(wanted: frozenset[str]) -> TracerProvider:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named = {} if "OTEL_SERVICE_NAME" in os.environ else {"service.name": "gauzy-mcp-server"}
    provider = TracerProvider(
        shutdown_on_exit=False, resource=Resource.create({"service.version": __version__, **named})
    )
    for name in sorted(wanted):
        provider.add_span_processor(BatchSpanProcessor(_exporter(name)))
    return provider


def _exporter(name: str) -> SpanExporter:
    if name == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        # Standard output is the protocol's.
        return ConsoleSpanExporter(out=sys.stderr)
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()
