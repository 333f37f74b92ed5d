"""What a span tells of a request, in the names of OpenTelemetry's conventions for MCP: never arguments or answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from mcp_tools.dispatch.conventions import NETWORK
from mcp_tools.dispatch.reply import Reply
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.protocol import attribution, redaction
from mcp_tools.protocol.messages import Request
from mcp_tools.protocol.tracing import Span, Tracer

Find = Callable[[str], Any]
"""What exists under a name, or None."""

_CARRIED: Final = ("traceparent", "tracestate")
_OF_RESOURCES: Final = frozenset({"resources/read", "resources/subscribe", "resources/unsubscribe"})
_LONGEST: Final = 256
"""Characters of an attribute that a client chooses."""


class Spans:
    """``tools`` and ``prompts`` find what exists: names that a client makes up name no span."""

    def __init__(self, tracer: Tracer, tools: Find, prompts: Find) -> None:
        self._tracer = tracer
        self._targets = {"tools/call": ("gen_ai.tool.name", tools), "prompts/get": ("gen_ai.prompt.name", prompts)}

    async def around(
        self, request: Request, context: RequestContext, answer: Awaitable[Reply], *, known: bool
    ) -> Reply:
        """The answer, with a span of the time that it took. ``known`` says that there is such a method."""
        target, attributes = self._target(request)
        attributes |= _of_request(request) | _of_network(context)
        method = request.method if known else "unknown"
        with self._tracer.incoming(method, target, attributes, _carrier(request), attribution.current().trace) as span:
            try:
                reply = await answer
            finally:
                span.tell(_of_context(context))
            _tell_failure(span, reply, context)
            return reply

    def _target(self, request: Request) -> tuple[str, dict[str, Any]]:
        attribute, find = self._targets.get(request.method, ("", None))
        name = request.params.get("name")
        if find is None or not isinstance(name, str) or find(name) is None:
            return "", {}
        operation = {"gen_ai.operation.name": "execute_tool"} if request.method == "tools/call" else {}
        return name, {attribute: name, **operation}


def _of_request(request: Request) -> dict[str, Any]:
    told: dict[str, Any] = {"jsonrpc.request.id": str(request.id)[:_LONGEST]}
    uri = request.params.get("uri")
    if request.method in _OF_RESOURCES and isinstance(uri, str):
        told["mcp.resource.uri"] = redaction.masked(uri)[:_LONGEST]
    return told


def _of_network(context: RequestContext) -> dict[str, Any]:
    transport, protocol = NETWORK[context.transport]
    return {"network.transport": transport, **({"network.protocol.name": protocol} if protocol else {})}


def _of_context(context: RequestContext) -> dict[str, Any]:
    """What a request may decide by its own doing: ``initialize`` agrees on a revision and opens a session."""
    told = {"mcp.protocol.version": context.revision} if context.revision else {}
    if context.session is not None:
        told["mcp.session.id"] = context.session.label
    return told


def _tell_failure(span: Span, reply: Reply, context: RequestContext) -> None:
    if reply.code:
        span.tell({"rpc.response.status_code": str(reply.code)})
        span.fail(str(reply.code))
    elif context.tool_error:
        span.fail("tool_error")


def _carrier(request: Request) -> Mapping[str, str]:
    """The trace that the message itself belongs to."""
    meta = request.params.get("_meta")
    sent = meta if isinstance(meta, dict) else {}
    return {name: sent[name] for name in _CARRIED if isinstance(sent.get(name), str)}
