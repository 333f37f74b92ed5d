"""What is kept of a call: one line of log, what observers are told, and a count with the session."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from mcp_tools.catalog import write_only
from mcp_tools.catalog.tool import Tool
from mcp_tools.dispatch.change_notices import ChangeNotifier
from mcp_tools.dispatch.observers import CallerDetails, Observer, Operation
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.gauzy.identity import Identity
from mcp_tools.protocol import messages, redaction

log = logging.getLogger("gauzy_mcp.calls")


Details = Callable[[RequestContext, Identity | None], CallerDetails]
"""Who asks in a context, from it and from the account that the request used, if it used one."""


class Upstream:
    """What a call was at Gauzy: the HTTP status with which Gauzy refused it, and whose account it used."""

    status: int | None = None
    identity: Identity | None = None


class CallRecords:
    def __init__(self, touches: ChangeNotifier, observer: Observer, details: Details) -> None:
        self._touches = touches
        self._observer = observer
        self._details = details

    async def of(
        self,
        tool: Tool,
        arguments: Any,
        context: RequestContext,
        upstream: Upstream,
        work: Awaitable[dict[str, Any]],
        *,
        readable: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Runs ``work`` and records how it went: ok, error, cancelled or crashed. ``readable`` is what of the
        arguments may be kept in plain text, all that :func:`keepable` leaves unless given."""
        began, started = time.time(), time.perf_counter()
        outcome = "crashed"
        context.recorded = True
        began_as = context.whose
        self._observer.operation_began(began_as, context.details or self._details(context, None))
        try:
            result = await work
            context.tool_error = bool(result.get("isError"))
            outcome = "error" if context.tool_error else "ok"
            if log.isEnabledFor(logging.DEBUG):
                log.debug("result tool=%s %s", tool.name, redaction.shown_message(messages.encode(result)))
            return result
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        finally:
            whose = context.whose
            context.details = self._details(context, upstream.identity)
            operation = Operation(
                method="tools/call",
                transport=context.transport,
                revision=context.revision,
                uid=whose.uid if whose else "",
                principal=context.principal.key,
                began=began,
                seconds=time.perf_counter() - started,
                error="" if outcome == "ok" else outcome,
                tool=tool.name,
                outcome=outcome,
                upstream=upstream.status,
                arguments=keepable(tool, arguments),
                readable=readable,
                began_as=began_as.uid if began_as else "",
                caller=context.details,
            )
            self._record(operation, context)

    def _record(self, operation: Operation, context: RequestContext) -> None:
        log.info(
            "call tool=%s outcome=%s ms=%.0f transport=%s",
            operation.tool,
            operation.outcome,
            operation.seconds * 1000,
            operation.transport,
        )
        self._observer.operation_ended(operation)
        if context.session is not None:
            self._touches.count(context.session, failed=operation.outcome != "ok")


def keepable(tool: Tool | None, arguments: Any) -> Any:
    """The arguments without those that must never be kept: ``writeOnly`` in the schema, such as a password.

    Without a tool, or where it has no such argument, names that may hold a secret go.
    """
    if not isinstance(arguments, Mapping):
        return arguments
    schema = tool.argument_schema if tool is not None else {}
    known = schema.get("properties", {})
    kept = {name: value for name, value in arguments.items() if name in known or not redaction.is_secret(name)}
    return write_only.without(schema, kept)


def readable_refused(tool: Tool | None, arguments: Any) -> dict[str, Any]:
    """What may be kept in plain text of arguments that were refused: a secret may stand under a mistyped name."""
    if not isinstance(arguments, Mapping):
        return {}
    shown: dict[str, Any] = _declared(tool.argument_schema if tool is not None else {}, arguments)
    return shown


def _declared(schema: Mapping[str, Any], value: Any) -> Any:
    """``value`` without what ``schema`` does not name or marks as write-only, and without JSON in place of objects."""
    if schema.get("writeOnly"):
        return redaction.HIDDEN
    if isinstance(value, Mapping):
        known = schema.get("properties", {})
        return {
            str(name): _declared(known[name], item) if name in known else redaction.HIDDEN
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_declared(schema.get("items", {}), item) for item in value]
    is_text = schema.get("type") in ("string", ["string", "null"])
    return value if is_text or not isinstance(value, str) else redaction.HIDDEN
