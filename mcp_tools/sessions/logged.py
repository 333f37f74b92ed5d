"""A session store that says what it does, for GAUZY_MCP_DEBUG. Without that variable nothing wraps the store.

Lines name a session by its ``uid``: its id is a credential and stands in none of them.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from typing import Any

from mcp_tools.protocol.messages import RequestId
from mcp_tools.sessions.limits import Hit
from mcp_tools.sessions.session import Session, Transport
from mcp_tools.sessions.store import Finished, SessionStore
from oauth_resource.principal import ANONYMOUS, Principal

log = logging.getLogger("gauzy_mcp.sessions")


class LoggedSessions:
    """``store`` as it is; ``kind`` is what the lines call it, ``redis`` or ``memory``."""

    def __init__(self, store: SessionStore, kind: str) -> None:
        self._store = store
        self._kind = kind
        self.ttl_seconds = store.ttl_seconds
        self._log("ready", f"ttl={store.ttl_seconds:g}s")

    async def open(self, transport: Transport, principal: Principal = ANONYMOUS) -> Session:
        session = await self._store.open(transport, principal)
        self._log("created", f"uid={session.uid} transport={transport}")
        return session

    async def get(
        self,
        session_id: str,
        running: RequestId | None = None,
        hit: Hit | None = None,
        principal: Principal = ANONYMOUS,
    ) -> Session | None:
        session = await self._store.get(session_id, running, hit, principal)
        if session is None:
            self._log("has no session of the id that was sent")
        else:
            signed_in = "yes" if session.account else "no"
            self._log("found and renewed", f"uid={session.uid} transport={session.transport} signed_in={signed_in}")
        return session

    async def touch(self, session: Session) -> bool:
        there = await self._store.touch(session)
        self._log("renewed" if there else "found ended", f"uid={session.uid}")
        return there

    async def keep(self, sessions: Sequence[Session]) -> list[Session]:
        ended = await self._store.keep(sessions)
        self._log("renewed", f"connected={len(sessions) - len(ended)}")
        for session in ended:
            self._log("found ended", f"uid={session.uid}")
        return ended

    async def save(self, session: Session) -> None:
        await self._store.save(session)
        self._log("saved", f"uid={session.uid} revision={session.revision or 'none'}")

    async def account(self, session: Session) -> dict[str, Any] | None:
        account = await self._store.account(session)
        self._log("read the account of", f"uid={session.uid} signed_in={'yes' if account else 'no'}")
        return account

    async def save_account(self, session: Session, account: dict[str, Any] | None) -> None:
        await self._store.save_account(session, account)
        self._log("bound an account to" if account else "removed the account of", f"uid={session.uid}")

    @contextlib.asynccontextmanager
    async def renewing(self, session: Session) -> AsyncIterator[None]:
        async with self._store.renewing(session):
            self._log("locked for a renewal of tokens", f"uid={session.uid}")
            yield

    async def count(self, finished: Sequence[Finished]) -> None:
        await self._store.count(finished)
        for one in finished:
            self._log("counted", f"uid={one.session.uid} calls={one.calls} errors={one.errors}")

    async def close(self, session: Session) -> None:
        await self._store.close(session)
        self._log("ended", f"uid={session.uid}")

    async def end(self, uid: str) -> bool:
        ended = await self._store.end(uid)
        self._log("ended" if ended else "found ended", f"uid={uid}")
        return ended

    async def cleanup(self) -> int:
        expired = await self._store.cleanup()
        if expired:
            self._log("removed expired sessions", f"count={expired}")
        return expired

    async def subscribe(self, session: Session, topic: str) -> None:
        await self._store.subscribe(session, topic)
        self._log("subscribed", f"uid={session.uid} topic={topic}")

    async def unsubscribe(self, session: Session, topic: str) -> None:
        await self._store.unsubscribe(session, topic)
        self._log("unsubscribed", f"uid={session.uid} topic={topic}")

    async def subscribers(self, topic: str) -> list[str]:
        return await self._store.subscribers(topic)

    def _log(self, what: str, about: str = "") -> None:
        log.debug("session store=%s %s %s", self._kind, what, about)
