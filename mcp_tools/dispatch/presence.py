"""Presence: a session whose connection is open lives on, however little is said on it.

One task per process renews them all in one round trip per beat. A connection whose session is gone is closed, so that
an operator's termination holds even where the message about it was lost. Who stops beating is taken for gone: by the
shared state after the sessions' time to live, by the history after :func:`patience`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass
from typing import Final

from mcp_tools.dispatch.observers import Observer
from mcp_tools.sessions.backplane import Backplane
from mcp_tools.sessions.errors import StateUnavailable
from mcp_tools.sessions.session import Session
from mcp_tools.sessions.stopping import stop

log = logging.getLogger("gauzy_mcp.sessions")

ENDED: Final = "ended"
"""The topic of the bus that names sessions which are over."""

_BEAT_SECONDS: Final = 20.0
_BEATS: Final = 3


def patience(ttl_seconds: float) -> float:
    """How long a connected session is taken for present after the last beat, in seconds."""
    return min(_BEAT_SECONDS * _BEATS, ttl_seconds)


@dataclass(slots=True)
class _Connected:
    session: Session
    connections: int = 0


class Presence:
    def __init__(self, plane: Backplane, observer: Observer) -> None:
        self._plane = plane
        self._observer = observer
        self._seconds = patience(plane.sessions.ttl_seconds) / _BEATS
        self._connected: dict[str, _Connected] = {}
        self._beating: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to beat. Needs a running loop."""
        if self._beating is None or self._beating.done():
            self._beating = asyncio.get_running_loop().create_task(self._beat_forever(), context=Context())

    def enter(self, session: Session) -> Callable[[], None]:
        """Keeps ``session`` alive until the answered function is called; it may have several connections."""
        connected = self._connected.setdefault(session.uid, _Connected(session))
        connected.connections += 1

        def leave() -> None:
            connected.connections -= 1
            if not connected.connections:
                self._connected.pop(session.uid, None)

        return leave

    async def aclose(self) -> None:
        if self._beating is not None:
            await stop(self._beating)

    async def _beat_forever(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            try:
                await self._beat()
            except Exception:
                log.exception("a beat of the sessions' presence failed")

    async def _beat(self) -> None:
        await self._plane.sessions.cleanup()
        sessions = [connected.session for connected in self._connected.values()]
        self._observer.sessions_connected(sessions)
        if not sessions:
            return
        try:
            # A visitor is there as long as it listens; the store knows nothing of it.
            kept = [session for session in sessions if session.id]
            for gone in await self._plane.sessions.keep(kept):
                log.info("session gone session=%s transport=%s", gone.label, gone.transport)
                await self._plane.bus.publish(ENDED, gone.uid)
        except StateUnavailable as error:
            log.warning("connected sessions could not be renewed: %s", error)
