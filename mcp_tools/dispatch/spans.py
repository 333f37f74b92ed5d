"""What a span tells of a request, in the names of OpenTelemetry's conventions for MCP: never arguments or answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from mcp_tools.dispatch.exchange import Exchange
from mcp_tools.dispatch.reply import Reply
from mcp_tools.protocol import attribution
from mcp_tools.protocol.messages import Request
from mcp_tools.protocol.tracing import Tracer

Find = Callable[[str], Any]
"""What exists under a name, or None."""

_CARRIED: Final = ("traceparent", "tracestate")
_TRANSPORTS: Final = {"stdio": "pipe"}
_PROTOCOLS: Final = {"http": "http", "websocket": "websocket"}


class Spans:
    """``tools`` and ``prompts`` find what exists: names that a client makes up name no span."""

    def __init__(self, tracer: Tracer, tools: Find, prompts: Find) -> None:
        self._tracer = tracer
        self._targets = {"tools/call": ("gen_ai.tool.name", tools), "prompts/get": ("gen_ai.prompt.name", prompts)}

    async def around(self, request: Request, exchange: Exchange, answer: Awaitable[Reply], *, known: bool) -> Reply:
        """The answer, with a span of the time that it took. ``known`` says that there is such a method."""
        target, attributes = self._target(request)
        attributes |= _attributes(request, exchange)
        method = request.method if known else "unknown"
        with self._tracer.incoming(method, target, attributes, _carrier(request)) as span:
            reply = await answer
            span.ended(code=reply.code, tool_error=exchange.tool_error)
            return reply

    def _target(self, request: Request) -> tuple[str, dict[str, Any]]:
        attribute, find = self._targets.get(request.method, ("", None))
        name = request.params.get("name")
        if find is None or not isinstance(name, str) or find(name) is None:
            return "", {}
        operation = {"gen_ai.operation.name": "execute_tool"} if request.method == "tools/call" else {}
        return name, {attribute: name, **operation}


def _attributes(request: Request, exchange: Exchange) -> dict[str, Any]:
    told: dict[str, Any] = {
        "jsonrpc.request.id": str(request.id)[:64],
        "network.transport": _TRANSPORTS.get(exchange.transport, "tcp"),
    }
    if exchange.transport in _PROTOCOLS:
        told["network.protocol.name"] = _PROTOCOLS[exchange.transport]
    if exchange.revision:
        told["mcp.protocol.version"] = exchange.revision
    if exchange.session is not None:
        told["mcp.session.id"] = exchange.session.label
    return told


def _carrier(request: Request) -> Mapping[str, str]:
    """Where the trace comes from: the message itself, else the HTTP request that brought it."""
    meta = request.params.get("_meta")
    sent = meta if isinstance(meta, dict) else {}
    own = {name: sent[name] for name in _CARRIED if isinstance(sent.get(name), str)}
    return own if "traceparent" in own else attribution.current().trace
