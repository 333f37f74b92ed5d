"""Where sessions live. The interface of every store, and the one for a single process."""

from __future__ import annotations

import contextlib
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from mcp_tools.protocol.messages import RequestId
from mcp_tools.sessions.errors import SessionEnded
from mcp_tools.sessions.limits import Hit, Limiter, LimitExceeded, Unlimited
from mcp_tools.sessions.session import Session, Transport, new_session_id
from oauth_resource.principal import ANONYMOUS, Principal

Clock = Callable[[], float]


@dataclass(slots=True)
class Finished:
    """How many calls ended in a session, and how many of them badly."""

    session: Session
    calls: int = 0
    errors: int = 0


class SessionStore(Protocol):
    """Sessions by id. A session not touched for the store's time to live is gone."""

    ttl_seconds: float

    async def open(self, transport: Transport, principal: Principal = ANONYMOUS) -> Session:
        """A new session with a fresh secret id."""

    async def get(
        self,
        session_id: str,
        running: RequestId | None = None,
        hit: Hit | None = None,
        principal: Principal = ANONYMOUS,
    ) -> Session | None:
        """The live session, touched; None when it never was, ended or expired, or is not ``principal``'s.

        A session of somebody else is not touched, and no id is held in it.

        ``hit`` is counted before, in the same round trip; one too many raises LimitExceeded and touches nothing.
        ``running`` is the id of a request that begins. While its lease (``leases.running_of``) is held, the same
        id raises AlreadyRunning in every process; whoever runs the request keeps the lease and releases it.
        """

    async def touch(self, session: Session) -> bool:
        """Renews the life of a session that is in use without requests. False when it ended."""

    async def keep(self, sessions: Sequence[Session]) -> list[Session]:
        """Renews the lives of sessions that are connected, in one round trip; answers those that ended."""

    async def save(self, session: Session) -> None:
        """Keeps what a handshake or ``logging/setLevel`` changed in ``session``; its account and counters apart."""

    async def account(self, session: Session) -> dict[str, Any] | None:
        """The account that the session is signed in to now, whichever process signed it in. Raises SessionEnded."""

    async def save_account(self, session: Session, account: dict[str, Any] | None) -> None:
        """Binds a Gauzy account to the session, or none."""

    def renewing(self, session: Session) -> AbstractAsyncContextManager[None]:
        """Held by one process at a time, while it renews the account of the session."""

    async def count(self, finished: Sequence[Finished]) -> None:
        """Adds finished calls to the sessions they were made in, in one round trip; a use renews a session's life."""

    async def close(self, session: Session) -> None:
        """Ends a session and forgets everything about it."""

    async def end(self, uid: str) -> bool:
        """Ends the session of that name, for an operator who knows no id. False when it was not live any more."""

    async def cleanup(self) -> int:
        """Removes expired sessions now; answers how many."""

    async def subscribe(self, session: Session, topic: str) -> None:
        """Notes that the session wants to hear of ``topic``."""

    async def unsubscribe(self, session: Session, topic: str) -> None:
        """Forgets it again; nothing happens when it was not noted."""

    async def subscribers(self, topic: str) -> list[str]:
        """The ``uid`` of each live session that subscribed to ``topic``."""


class MemorySessions:
    """Sessions of one process, oldest first, at most ``limit`` of them (the least recently used go)."""

    def __init__(
        self, ttl_seconds: float, *, limit: int = 100_000, limits: Limiter | None = None, clock: Clock = time.time
    ) -> None:
        self.ttl_seconds = ttl_seconds
        self._limit = limit
        self._limits = limits or Unlimited()
        self._clock = clock
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._topics: dict[str, set[str]] = {}
        self._topics_of: dict[str, set[str]] = {}

    async def open(self, transport: Transport, principal: Principal = ANONYMOUS) -> Session:
        now = self._clock()
        session = Session(new_session_id(), transport, created=now, last_seen=now, principal=principal)
        self._sessions[session.id] = session
        while len(self._sessions) > self._limit:
            self._forget(next(iter(self._sessions.values())))
        return session

    async def get(
        self,
        session_id: str,
        running: RequestId | None = None,
        hit: Hit | None = None,
        principal: Principal = ANONYMOUS,
    ) -> Session | None:
        exceeded = await self._limits.hit(hit) if hit is not None else None
        if exceeded is not None:
            raise LimitExceeded(exceeded)
        # One process knows by itself what it runs.
        session = self._sessions.get(session_id)
        if session is None or not session.belongs_to(principal):
            return None
        return session if await self.touch(session) else None

    async def touch(self, session: Session) -> bool:
        if session.id not in self._sessions:
            return False
        now = self._clock()
        if session.last_seen + self.ttl_seconds < now:
            self._forget(session)
            return False
        session.last_seen = now
        self._sessions.move_to_end(session.id)
        return True

    async def keep(self, sessions: Sequence[Session]) -> list[Session]:
        now = self._clock()
        gone = [session for session in sessions if session.id not in self._sessions]
        for session in sessions:
            session.last_seen = now
            if session.id in self._sessions:
                self._sessions.move_to_end(session.id)
        return gone

    async def save(self, session: Session) -> None:
        return None

    async def account(self, session: Session) -> dict[str, Any] | None:
        if session.transport not in ("websocket", "stdio") and session.id not in self._sessions:
            raise SessionEnded
        return session.account

    async def save_account(self, session: Session, account: dict[str, Any] | None) -> None:
        session.account = account

    def renewing(self, session: Session) -> AbstractAsyncContextManager[None]:
        return contextlib.nullcontext()

    async def count(self, finished: Sequence[Finished]) -> None:
        for one in finished:
            one.session.calls += one.calls
            one.session.errors += one.errors
            await self.touch(one.session)

    async def close(self, session: Session) -> None:
        self._forget(session)

    async def end(self, uid: str) -> bool:
        session = next((one for one in self._sessions.values() if one.uid == uid), None)
        if session is not None:
            self._forget(session)
        return session is not None

    async def cleanup(self) -> int:
        horizon = self._clock() - self.ttl_seconds
        # The order is that of the last use, so the expired ones stand in front.
        expired = 0
        while self._sessions and (oldest := next(iter(self._sessions.values()))).last_seen < horizon:
            self._forget(oldest)
            expired += 1
        return expired

    async def subscribe(self, session: Session, topic: str) -> None:
        self._topics.setdefault(topic, set()).add(session.uid)
        self._topics_of.setdefault(session.uid, set()).add(topic)

    async def unsubscribe(self, session: Session, topic: str) -> None:
        self._topics_of.get(session.uid, set()).discard(topic)
        self._drop(topic, session.uid)

    async def subscribers(self, topic: str) -> list[str]:
        return sorted(self._topics.get(topic, ()))

    def _forget(self, session: Session) -> None:
        self._sessions.pop(session.id, None)
        for topic in self._topics_of.pop(session.uid, ()):
            self._drop(topic, session.uid)

    def _drop(self, topic: str, uid: str) -> None:
        listening = self._topics.get(topic)
        if listening is not None:
            listening.discard(uid)
            if not listening:
                del self._topics[topic]
