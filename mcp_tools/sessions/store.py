"""Where sessions live. The interface of every store, and the one for a single process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from mcp_tools.sessions.session import Session, Transport, new_session_id
from oauth_resource.principal import ANONYMOUS, Principal

Clock = Callable[[], float]


class SessionStore(Protocol):
    """Sessions by id. A session not touched for the store's time to live is gone."""

    async def open(self, transport: Transport, principal: Principal = ANONYMOUS) -> Session:
        """A new session with a fresh secret id."""

    async def get(self, session_id: str) -> Session | None:
        """The live session, touched; None when it never was, ended or expired."""

    async def save(self, session: Session) -> None:
        """Keeps what was changed in ``session``."""

    async def rename(self, session: Session) -> None:
        """Gives the session a new id and forgets the old one (against session fixation, at sign-in)."""

    async def close(self, session_id: str) -> bool:
        """Ends a session. False when there was none."""

    async def cleanup(self) -> int:
        """Removes expired sessions now; answers how many."""


class MemorySessions:
    """Sessions of one process, oldest first, at most ``limit`` of them (the least recently used go)."""

    def __init__(self, ttl_seconds: float, *, limit: int = 100_000, clock: Clock = time.time) -> None:
        self._ttl = ttl_seconds
        self._limit = limit
        self._clock = clock
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    async def open(self, transport: Transport, principal: Principal = ANONYMOUS) -> Session:
        now = self._clock()
        session = Session(new_session_id(), transport, created=now, last_seen=now, principal=principal)
        self._sessions[session.id] = session
        while len(self._sessions) > self._limit:
            self._sessions.popitem(last=False)
        return session

    async def get(self, session_id: str) -> Session | None:
        session = self._sessions.get(session_id)
        if session is None:
            return None
        if session.last_seen + self._ttl < self._clock():
            del self._sessions[session_id]
            return None
        session.last_seen = self._clock()
        self._sessions.move_to_end(session_id)
        return session

    async def save(self, session: Session) -> None:
        if session.id in self._sessions:
            self._sessions[session.id] = session

    async def rename(self, session: Session) -> None:
        self._sessions.pop(session.id, None)
        session.id = new_session_id()
        self._sessions[session.id] = session

    async def close(self, session_id: str) -> bool:
        return self._sessions.pop(session_id, None) is not None

    async def cleanup(self) -> int:
        horizon = self._clock() - self._ttl
        # The order is that of the last use, so the expired ones stand in front.
        expired = 0
        while self._sessions and next(iter(self._sessions.values())).last_seen < horizon:
            self._sessions.popitem(last=False)
            expired += 1
        return expired
