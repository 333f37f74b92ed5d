"""What is kept of a call: one line of log, what observers are told, and a count with the session."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Mapping
from typing import Any

from mcp_tools.catalog import write_only
from mcp_tools.catalog.tool import Tool
from mcp_tools.dispatch.change_notices import ChangeNotifier
from mcp_tools.dispatch.observers import Observer, Operation
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.protocol import messages, redaction

log = logging.getLogger("gauzy_mcp.calls")


class Upstream:
    """The HTTP status with which Gauzy refused a call; the tool's errors fill it in."""

    status: int | None = None


class CallRecords:
    def __init__(self, touches: ChangeNotifier, observer: Observer) -> None:
        self._touches = touches
        self._observer = observer

    async def of(
        self,
        tool: Tool,
        arguments: Mapping[str, Any],
        context: RequestContext,
        upstream: Upstream,
        work: Awaitable[dict[str, Any]],
    ) -> dict[str, Any]:
        """Runs ``work`` and records how it went: ok, error, cancelled or crashed."""
        began, started = time.time(), time.perf_counter()
        outcome = "crashed"
        context.recorded = True
        began_as = context.whose
        self._observer.operation_began(began_as)
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
                began_as=began_as.uid if began_as else "",
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


def keepable(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments without those that must never be kept: ``writeOnly`` in the schema, such as a password."""
    kept: dict[str, Any] = write_only.without(tool.argument_schema, arguments)
    return kept
