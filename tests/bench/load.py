"""A small load generator: keep-alive HTTP and WebSocket clients that count answers for a while.

It speaks just enough of both protocols to be far cheaper than the server it measures.
"""

from __future__ import annotations

import asyncio
import base64
import os
import time
from urllib.parse import urlsplit

CONNECTIONS = 16


async def http_rate(url: str, body: bytes, seconds: float) -> float:
    """Answers per second to POSTs of ``body``."""
    place = urlsplit(url)
    request = (
        f"POST {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body
    return await _rate(place.hostname or "", place.port or 80, seconds, b"", request, _read_http)


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


async def _read_http(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        raise RuntimeError(f"unexpected answer: {head[:200]!r}")
    if b"content-length: " in head:
        await reader.readexactly(int(head.split(b"content-length: ")[1].split(b"\r\n")[0]))
        return
    while size := int(await reader.readline(), 16):
        await reader.readexactly(size + 2)
    await reader.readline()


async def _read_frame(reader: asyncio.StreamReader) -> None:
    first, length = await reader.readexactly(2)
    if length == 126:
        length = int.from_bytes(await reader.readexactly(2), "big")
    await reader.readexactly(length)
    if first & 0x0F == 0x9:
        await _read_frame(reader)
