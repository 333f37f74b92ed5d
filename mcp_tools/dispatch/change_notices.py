"""What a finished call leaves behind: subscribers of the records it changed are told, and its session counts it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator, Mapping
from contextvars import Context
from typing import Any, Final

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.tool import Tool
from mcp_tools.dispatch.hub import Hub
from mcp_tools.dispatch.resource_reads import GAUZY_SCHEME
from mcp_tools.sessions.errors import StateUnavailable
from mcp_tools.sessions.session import Session
from mcp_tools.sessions.store import Finished, SessionStore

log = logging.getLogger("gauzy_mcp.calls")

GATHER_SECONDS: Final = 0.25
"""How long finished calls are gathered before their sessions count them together."""


class ChangeNotifier:
    def __init__(self, hub: Hub, sessions: SessionStore) -> None:
        self._hub = hub
        self._sessions = sessions
        self._finished: dict[str, Finished] = {}
        self._counting: asyncio.Task[None] | None = None
        self._ending = asyncio.Event()

    async def tell(self, tool: Tool, tool_context: ToolContext, arguments: Mapping[str, Any], answer: Any) -> None:
        """Announces every resource that a successful call of ``tool`` changed."""
        addresses = list(dict.fromkeys(touched(tool, arguments, answer)))
        for address in addresses:
            tenant_id = (await tool_context.gauzy.identity()).tenant_id if address.startswith(GAUZY_SCHEME) else ""
            await self._hub.updated(tenant_id, address)

    def count(self, session: Session, *, failed: bool) -> None:
        """Counts a call off the hot path, together with others: nobody waits for the number."""
        finished = self._finished.setdefault(session.uid, Finished(session))
        # Each request has a copy of the record; the latest one is counted in.
        finished.session = session
        finished.calls += 1
        finished.errors += failed
        if self._counting is None or self._counting.done():
            self._counting = asyncio.get_running_loop().create_task(self._count_soon(), context=Context())

    async def aclose(self) -> None:
        """Counts what is left."""
        self._ending.set()
        if self._counting is not None:
            await self._counting
        await self._count()

    async def _count_soon(self) -> None:
        while self._finished:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GATHER_SECONDS):
                    await self._ending.wait()
            await self._count()

    async def _count(self) -> None:
        finished, self._finished = self._finished, {}
        if not finished:
            return
        try:
            await self._sessions.count(list(finished.values()))
        except StateUnavailable as error:
            log.warning("calls of %d sessions were not counted: %s", len(finished), error)


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
