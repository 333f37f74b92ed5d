"""What is kept of a call: one line of log, what observers are told, and a count with the session."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Mapping
from typing import Any

from mcp_tools.catalog.tool import Tool
from mcp_tools.dispatch.exchange import Exchange
from mcp_tools.dispatch.observing import Observer, Operation
from mcp_tools.dispatch.touching import Touches
from mcp_tools.protocol import messages, redaction

log = logging.getLogger("gauzy_mcp.calls")


class Upstream:
    """The HTTP status with which Gauzy refused a call; the tool's errors fill it in."""

    status: int | None = None


class Recording:
    def __init__(self, touches: Touches, observer: Observer) -> None:
        self._touches = touches
        self._observer = observer

    async def of(
        self,
        tool: Tool,
        arguments: Mapping[str, Any],
        exchange: Exchange,
        upstream: Upstream,
        work: Awaitable[dict[str, Any]],
    ) -> dict[str, Any]:
        """Runs ``work`` and records how it went: ok, error, cancelled or crashed."""
        began, started = time.time(), time.perf_counter()
        outcome = "crashed"
        exchange.recorded = True
        began_as = exchange.whose
        self._observer.operation_began(began_as)
        try:
            result = await work
            exchange.tool_error = bool(result.get("isError"))
            outcome = "error" if exchange.tool_error else "ok"
            if log.isEnabledFor(logging.DEBUG):
                log.debug("result tool=%s %s", tool.name, redaction.shown_message(messages.encode(result)))
            return result
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        finally:
            whose = exchange.whose
            operation = Operation(
                method="tools/call",
                transport=exchange.transport,
                revision=exchange.revision,
                uid=whose.uid if whose else "",
                principal=exchange.principal.key,
                began=began,
                seconds=time.perf_counter() - started,
                error="" if outcome == "ok" else outcome,
                tool=tool.name,
                outcome=outcome,
                upstream=upstream.status,
                arguments=keepable(tool, arguments),
                began_as=began_as.uid if began_as else "",
            )
            self._record(operation, exchange)

    def _record(self, operation: Operation, exchange: Exchange) -> None:
        log.info(
            "call tool=%s outcome=%s ms=%.0f transport=%s",
            operation.tool,
            operation.outcome,
            operation.seconds * 1000,
            operation.transport,
        )
        self._observer.operation_ended(operation)
        if exchange.session is not None:
            self._touches.count(exchange.session, failed=operation.outcome != "ok")


def keepable(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments without those that must never be kept: ``writeOnly`` in the schema, such as a password."""
    return {
        name: value for name, value in arguments.items() if not tool.properties.get(name, {}).get("writeOnly", False)
    }
