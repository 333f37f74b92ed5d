"""Answering a slow request: as JSON if nothing comes before the answer, as Server-Sent Events otherwise.

Source: MCP page basic/transports/streamable-http, "Sending messages to the server"; SSE: WHATWG HTML section 9.2.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from mcp_tools.dispatch.reply import Reply

KEEP_ALIVE_SECONDS = 15.0
"""How often an idle stream says something, so that proxies do not close it."""

Wait = Callable[[], Awaitable[None]]


class ReplyStream:
    """Collects what one request sends: notifications by :meth:`send`, then the reply by :meth:`finish`."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[bytes | Reply | None] = asyncio.Queue()

    async def send(self, message: bytes) -> None:
        self._queue.put_nowait(message)

    def finish(self, reply: Reply | None) -> None:
        """Ends the stream; None for a request that was cancelled and gets no answer."""
        self._queue.put_nowait(reply)

    async def next(self) -> bytes | Reply | None:
        return await self._queue.get()

    async def events(self, first: bytes | Reply | None) -> AsyncIterator[bytes]:
        """The stream as SSE frames, from ``first`` to the reply."""
        item = first
        while isinstance(item, bytes):
            yield frame(item)
            item = await self._next_or_none_yet()
            while item is _NOTHING_YET:
                yield b": keep-alive\n\n"
                item = await self._next_or_none_yet()
        if isinstance(item, Reply):
            yield frame(item.body)

    async def _next_or_none_yet(self) -> bytes | Reply | None:
        try:
            async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                return await self._queue.get()
        except TimeoutError:
            return _NOTHING_YET


_NOTHING_YET = Reply(b"")


def frame(message: bytes) -> bytes:
    """One SSE event. JSON from the encoder is a single line, so one ``data:`` field is enough."""
    return b"event: message\ndata: " + message + b"\n\n"
