"""What a finished call leaves behind: subscribers of the records it changed are told, and its session counts it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.tool import Tool
from mcp_tools.dispatch.hub import Hub
from mcp_tools.dispatch.reading import GAUZY_SCHEME
from mcp_tools.sessions.errors import StateUnavailable
from mcp_tools.sessions.session import Session
from mcp_tools.sessions.store import SessionStore

log = logging.getLogger("gauzy_mcp.calls")


class Touches:
    def __init__(self, hub: Hub, sessions: SessionStore) -> None:
        self._hub = hub
        self._sessions = sessions
        self._counting: set[asyncio.Task[None]] = set()

    async def tell(self, tool: Tool, context: ToolContext, arguments: Mapping[str, Any], answer: Any) -> None:
        """Announces every resource that a successful call of ``tool`` changed."""
        addresses = list(dict.fromkeys(touched(tool, arguments, answer)))
        for address in addresses:
            tenant_id = (await context.gauzy.identity()).tenant_id if address.startswith(GAUZY_SCHEME) else ""
            await self._hub.updated(tenant_id, address)

    def count(self, session: Session, *, failed: bool) -> None:
        """Counts a call off the hot path: nobody waits for the number."""
        counting = asyncio.get_running_loop().create_task(self._count(session, failed))
        self._counting.add(counting)
        counting.add_done_callback(self._counting.discard)

    async def _count(self, session: Session, failed: bool) -> None:
        try:
            await self._sessions.count(session, failed=failed)
        except StateUnavailable as error:
            log.warning("a call of session %s was not counted: %s", session.label, error)


def touched(tool: Tool, arguments: Mapping[str, Any], answer: Any) -> Iterator[str]:
    """The addresses of ``tool.touches``, filled in from the answer, its ``results`` or the arguments."""
    results = answer.get("results") if isinstance(answer, dict) else None
    rows = results if isinstance(results, list) else [answer]
    for row in rows:
        if isinstance(row, dict) and row.get("ok", True):
            known = {**arguments, **{name: value for name, value in row.items() if isinstance(value, str)}}
            for template in tool.touches:
                try:
                    yield template.format_map(known)
                except KeyError:
                    # An answer without that id, such as a timer without a task, changed no such record.
                    continue
