"""A proxy between the browser and a server, which does to the requests what a test tells it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from tests.loops import loop_in_a_thread

Rule = Callable[[str], str | None]
"""From the head of a request to the head that is sent on, or to an answer that comes in its place.

An answer begins with ``HTTP/1.1``; None is no answer at all, ever.
"""


def answer(status: str, *headers: str, body: str = "") -> str:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join([*lines, "", body])


def is_upgrade(head: str) -> bool:
    return "upgrade: websocket" in head.lower()


def path_of(head: str) -> str:
    return head.split(" ", 2)[1].partition("?")[0]


class Proxy:
    """``rule`` may be changed while it serves; :meth:`away` and :meth:`back` end and begin serving."""

    def __init__(self, server: str, loop: asyncio.AbstractEventLoop) -> None:
        self.rule: Rule = str
        self._host, _, self._port = server.removeprefix("http://").partition(":")
        self._loop = loop
        self._open: set[asyncio.Task[None]] = set()
        self.port = 0
        self.back()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def back(self) -> None:
        self._do(self._start())

    def away(self) -> None:
        self._do(self._stop())

    def cut(self) -> None:
        """Ends every connection, and takes new ones."""
        self._do(self._cut())

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _start(self) -> None:
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        self._listener.close()
        await self._cut()

    async def _cut(self) -> None:
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        # A browser that goes away in the middle is nobody's mistake, and a cut is what the test asked for.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._pass_on(reader, writer)
        self._open.discard(task)
        writer.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = self.rule((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
        if head is None:
            await reader.read()
            return
        if head.startswith("HTTP/1.1 "):
            writer.write(head.encode("latin-1"))
            await writer.drain()
            writer.write_eof()
            await reader.read()
            return
        if not is_upgrade(head):
            # One request per connection: the next one is for the rule again.
            lines = [line for line in head.split("\r\n") if not line.lower().startswith("connection:")]
            head = "\r\n".join([lines[0], "Connection: close", *lines[1:]])
        upstream, onward = await asyncio.open_connection(self._host, int(self._port))
        try:
            onward.write(head.encode("latin-1"))
            there = asyncio.ensure_future(_copy(reader, onward))
            await _copy(upstream, writer)
            there.cancel()
        finally:
            onward.transport.abort()


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while data := await source.read(65536):
        sink.write(data)
        await sink.drain()
    with contextlib.suppress(OSError):
        sink.write_eof()


@contextlib.contextmanager
def proxy(server: str) -> Iterator[Proxy]:
    """Serves from a thread of its own: Playwright's loop has the main one."""
    with loop_in_a_thread() as loop:
        made = Proxy(server, loop)
        try:
            yield made
        finally:
            made.away()
