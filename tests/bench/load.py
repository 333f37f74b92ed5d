"""A small load generator: keep-alive HTTP and WebSocket clients that count answers for a while.

It speaks just enough of both protocols to be far cheaper than the server it measures.
"""

from __future__ import annotations

import asyncio
import base64
import os
import time
from typing import Any
from urllib.parse import urlsplit

CONNECTIONS = 16


async def http_rate(url: str, body: bytes, seconds: float) -> float:
    """Answers per second to POSTs of ``body``."""
    place = urlsplit(url)
    request = (
        f"POST {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body
    deadline = time.perf_counter() + seconds
    host, port = place.hostname or "", place.port or 80
    counts = await asyncio.gather(*(_ask_until(deadline, host, port, request) for _ in range(CONNECTIONS)))
    return sum(counts) / seconds


async def websocket_rate(url: str, message: bytes, seconds: float) -> float:
    """Answers per second to text frames of ``message`` (at most 125 bytes)."""
    place = urlsplit(url)
    key = base64.b64encode(os.urandom(16)).decode()
    upgrade = (
        f"GET {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()
    frame = bytes([0x81, 0x80 | len(message), 0, 0, 0, 0]) + message
    return await _rate(place.hostname or "", place.port or 80, seconds, upgrade, frame, _read_frame)


async def _rate(host, port, seconds, opening, request, read) -> float:  # type: ignore[no-untyped-def]
    deadline = time.perf_counter() + seconds
    counts = await asyncio.gather(*(_worker(host, port, deadline, opening, request, read) for _ in range(CONNECTIONS)))
    return sum(counts) / seconds


async def _worker(host, port, deadline, opening, request, read) -> int:  # type: ignore[no-untyped-def]
    reader, writer = await asyncio.open_connection(host, port, limit=2**20)
    if opening:
        writer.write(opening)
        await reader.readuntil(b"\r\n\r\n")
    count = 0
    while time.perf_counter() < deadline:
        writer.write(request)
        await read(reader)
        count += 1
    writer.close()
    return count


class _Answers(asyncio.BufferedProtocol):
    """Asks again after each answer. Bodies are received into one buffer and not looked at, however long they are."""

    def __init__(self, deadline: float, request: bytes) -> None:
        self.count = 0
        self.over: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._deadline, self._request = deadline, request
        self._buffer = memoryview(bytearray(2**20))
        self._filled, self._left = 0, 0
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._transport.write(self._request)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer[self._filled :]

    def buffer_updated(self, nbytes: int) -> None:
        if self._left:
            self._left -= nbytes
        else:
            self._filled += nbytes
            head, ended, _ = bytes(self._buffer[: min(self._filled, 4096)]).lower().partition(b"\r\n\r\n")
            if not ended:
                return
            if not head.startswith(b"http/1.1 200") or b"content-length: " not in head:
                self._end(RuntimeError(f"unexpected answer: {head[:200]!r}"))
                return
            length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
            self._left, self._filled = len(head) + 4 + length - self._filled, 0
        if self._left == 0:
            self.count += 1
            if time.perf_counter() < self._deadline:
                self._transport.write(self._request)
            else:
                self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(exc or ConnectionError("the server closed the connection"))

    def _end(self, error: Exception | None = None) -> None:
        if self.over.done():
            return
        if error is None:
            self.over.set_result(self.count)
        else:
            self.over.set_exception(error)
        self._transport.close()


async def _ask_until(deadline: float, host: str, port: int, request: bytes) -> int:
    _, answers = await asyncio.get_running_loop().create_connection(lambda: _Answers(deadline, request), host, port)
    return await answers.over


async def _read_frame(reader: asyncio.StreamReader) -> None:
    first, length = await reader.readexactly(2)
    if length == 126:
        length = int.from_bytes(await reader.readexactly(2), "big")
    await reader.readexactly(length)
    if first & 0x0F == 0x9:
        await _read_frame(reader)
