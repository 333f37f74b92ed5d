"""What is kept of a call: one line of log, and a count with the session."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable
from typing import Any

from mcp_tools.catalog.tool import Tool
from mcp_tools.dispatch.exchange import Exchange
from mcp_tools.dispatch.touching import Touches
from mcp_tools.protocol import messages, redaction

log = logging.getLogger("gauzy_mcp.calls")


class Recording:
    def __init__(self, touches: Touches) -> None:
        self._touches = touches

    async def of(self, tool: Tool, exchange: Exchange, work: Awaitable[dict[str, Any]]) -> dict[str, Any]:
        """Runs ``work`` and records how it went: ok, error, cancelled or crashed."""
        started = time.perf_counter()
        outcome = "crashed"
        try:
            result = await work
            outcome = "error" if result.get("isError") else "ok"
            if log.isEnabledFor(logging.DEBUG):
                log.debug("result tool=%s %s", tool.name, redaction.shown_message(messages.encode(result)))
            return result
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        finally:
            self._record(tool, exchange, outcome, time.perf_counter() - started)

    def _record(self, tool: Tool, exchange: Exchange, outcome: str, seconds: float) -> None:
        session = exchange.session
        log.info(
            "call tool=%s outcome=%s ms=%.0f transport=%s session=%s principal=%s",
            tool.name,
            outcome,
            seconds * 1000,
            exchange.transport,
            session.label if session else "-",
            exchange.principal.subject or "-",
        )
        if session is not None:
            self._touches.count(session, failed=outcome != "ok")
