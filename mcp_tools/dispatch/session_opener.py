"""Opening sessions: the one place where a session begins, whichever way in asks for it."""

from __future__ import annotations

from typing import Final

from mcp_tools.dispatch.observers import CallerDetails, Observer
from mcp_tools.protocol import attribution
from mcp_tools.sessions.session import Session, Transport
from mcp_tools.sessions.store import SessionStore
from oauth_resource.principal import ANONYMOUS, Principal

_OVER_HTTP: Final = ("http", "sse")


class SessionsAreOff(Exception):
    """HTTP callers keep no session here (MCP_SESSION_ENABLED=false)."""


class SessionOpener:
    """``over_http`` is MCP_SESSION_ENABLED: without it HTTP callers keep nothing between requests."""

    def __init__(self, sessions: SessionStore, observer: Observer, *, over_http: bool = True) -> None:
        self._sessions = sessions
        self._observer = observer
        self.over_http = over_http

    async def open(self, transport: Transport, principal: Principal = ANONYMOUS, address: str = "") -> Session:
        """A new session of a client at ``address``, of which observers and the log are told. Raises SessionsAreOff."""
        if transport in _OVER_HTTP and not self.over_http:
            raise SessionsAreOff
        session = await self._sessions.open(transport, principal)
        attribution.identify(session=session.label)
        self._observer.session_began(session, CallerDetails(address=address))
        return session
