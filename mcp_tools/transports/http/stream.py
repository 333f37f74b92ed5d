"""Answering a slow request: as JSON if nothing comes before the answer, as Server-Sent Events otherwise.

What goes to a client with a session is logged before it is sent, so that the client can go on in any process after
its connection or ours broke (2025-11-25 page basic/transports#resumability-and-redelivery).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from mcp_tools.dispatch.reply import Reply
from mcp_tools.protocol import redaction
from mcp_tools.protocol.messages import RequestId
from mcp_tools.protocol.revisions import V2025_11_25
from mcp_tools.sessions.backplane import Backplane
from mcp_tools.sessions.errors import StateUnavailable
from mcp_tools.sessions.following import lease_of, stream_for
from mcp_tools.sessions.leases import running_of
from mcp_tools.sessions.session import Session
from mcp_tools.transports.http import sse
from mcp_tools.transports.http.debug_log import log as log_messages

log = logging.getLogger("gauzy_mcp.http")

_SHOWN: Final = 4000
"""Characters of a frame in the debug log."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Bytes for the stream; ``last`` closes it."""

    data: bytes
    last: bool = False


class RequestStream:
    """Collects what one request sends: messages by :meth:`send`, then the reply by :meth:`finish`."""

    def __init__(self, plane: Backplane, session: Session | None, request_id: RequestId) -> None:
        self._plane = plane
        self._session = session
        self._name = stream_for(request_id) if session is not None else None
        # A sign-in by cookie continues in another session; the lease stays that of the session the request came in.
        self._running = running_of(session.id, request_id) if session is not None else None
        if self._running is not None:
            plane.leases.keep(self._running)
        self._queue: asyncio.Queue[Frame | Reply] = asyncio.Queue()
        self._opened = False
        self._left = False

    async def send(self, message: bytes) -> None:
        await self.open()
        event_id = await self._log(message)
        self._put(Frame(sse.frame(message, event_id)))

    async def pause(self, retry_ms: int) -> None:
        """Closes the connection with a place to resume at; nothing happens where the client could not resume."""
        await self.open()
        event_id = await self._log(b"")
        if event_id is not None and self._primes:
            self._put(Frame(sse.priming(event_id, retry_ms), last=True))

    async def finish(self, reply: Reply | None) -> None:
        """Ends the stream; None for a request that was cancelled and gets no answer."""
        event_id = None
        try:
            if self._opened:
                event_id = await self._log(reply.body if reply else b"", end=True)
        finally:
            # Also when this is cancelled itself: who waits for the end of the stream must see it.
            if reply is None:
                self._put(Frame(b"", last=True))
            else:
                self._put(Frame(sse.frame(reply.body, event_id), last=True) if self._opened else reply)
            self._release()

    async def open(self) -> None:
        """Becomes a stream, which from now on can be resumed."""
        if self._opened:
            return
        self._opened = True
        await self._hold()
        event_id = await self._log(b"")
        self._put(Frame(sse.priming(event_id) if event_id is not None and self._primes else sse.OPENED))

    def leave(self) -> None:
        """The client is gone: the log goes on, the queue does not."""
        self._left = True

    async def next(self, seconds: float | None = None) -> Frame | Reply | None:
        """What comes next; None when nothing came within ``seconds``."""
        if seconds is None:
            return await self._queue.get()
        try:
            async with asyncio.timeout(seconds):
                return await self._queue.get()
        except TimeoutError:
            return None

    async def frames(self, first: Frame) -> AsyncIterator[bytes]:
        """The stream, from ``first`` to its last frame."""
        item: Frame | Reply | None = first
        while True:
            if isinstance(item, Frame):
                if item.data:
                    yield item.data
                if item.last:
                    return
            else:
                yield sse.KEEP_ALIVE
            item = await self.next(sse.KEEP_ALIVE_SECONDS)

    @property
    def _primes(self) -> bool:
        """Older clients try to read the empty event as a message."""
        return self._session is not None and self._session.revision >= V2025_11_25

    def _put(self, item: Frame | Reply) -> None:
        if log_messages.isEnabledFor(logging.DEBUG) and isinstance(item, Frame):
            log_messages.debug("out http stream %s", redaction.masked(item.data.decode(errors="replace"))[:_SHOWN])
        if not self._left:
            self._queue.put_nowait(item)

    async def _log(self, message: bytes, *, end: bool = False) -> str | None:
        """The wire id of the logged event; None where nothing is logged."""
        if self._session is None or self._name is None:
            return None
        try:
            event_id = await self._plane.events.append(self._session.uid, self._name, message, end=end)
        except StateUnavailable as error:
            # The client still gets the message; only resuming from it will not work.
            log.warning("an event was not logged: %s", error)
            return None
        return sse.wire_id(self._name, event_id)

    async def _hold(self) -> None:
        if self._session is not None and self._name is not None:
            try:
                await self._plane.leases.hold(lease_of(self._session.uid, self._name))
            except StateUnavailable as error:
                log.warning("a stream is not resumable: %s", error)

    def _release(self) -> None:
        if self._opened and self._session is not None and self._name is not None:
            self._plane.leases.let_go(lease_of(self._session.uid, self._name))
        if self._running is not None:
            self._plane.leases.let_go(self._running)
