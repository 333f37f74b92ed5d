"""The ports of :mod:`mcp_tools.catalog.context`, filled in for one call."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from mcp_tools.catalog.context import Account, Gauzy
from mcp_tools.catalog.tool import ToolError
from mcp_tools.dispatch.exchange import Exchange
from mcp_tools.gauzy.errors import GauzyError
from mcp_tools.protocol.revisions import V2025_03_26
from mcp_tools.sessions.store import SessionStore

Probe = Callable[[], Awaitable[Mapping[str, Any]]]


class CallContext:
    """Everything one call may touch; made for it and dropped with it."""

    def __init__(
        self,
        exchange: Exchange,
        account: Account,
        gauzy: Gauzy,
        *,
        sessions: SessionStore,
        server: Mapping[str, Any],
        probe: Probe,
    ) -> None:
        self._exchange = exchange
        self._account = account
        self._gauzy = gauzy
        self._sessions = sessions
        self._server = server
        self._probe = probe
        self._reported = -1.0

    @property
    def gauzy(self) -> Gauzy:
        return self._gauzy

    @property
    def account(self) -> Account:
        return self._account

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        return (ToolError, GauzyError)

    def describe_server(self) -> Mapping[str, Any]:
        return self._server

    def describe_session(self) -> Mapping[str, Any]:
        exchange, session = self._exchange, self._exchange.session
        described: dict[str, Any] = {
            "transport": exchange.transport,
            "protocolVersion": exchange.revision,
            "client": {key: exchange.client[key] for key in ("name", "version") if key in exchange.client},
            "hasSession": session is not None,
        }
        if session is not None:
            described |= {
                "session": session.label,
                "openedAt": _iso(session.created),
                "calls": session.calls,
                "errors": session.errors,
            }
        return described

    async def cleanup_sessions(self) -> int:
        return await self._sessions.cleanup()

    async def probe(self) -> Mapping[str, Any]:
        return await self._probe()

    async def progress(self, done: float, total: float | None = None, message: str | None = None) -> None:
        """Strictly increasing, as page basic/utilities/progress wants; a step back is not sent."""
        exchange = self._exchange
        if exchange.progress_token is None or done <= self._reported:
            return
        self._reported = done
        params: dict[str, Any] = {"progressToken": exchange.progress_token, "progress": done}
        if total is not None:
            params["total"] = total
        if message is not None and exchange.revision >= V2025_03_26:
            params["message"] = message
        await exchange.notify("notifications/progress", params)


def _iso(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
