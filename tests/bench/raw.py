"""A WebSocket client that costs next to nothing, so that a thousand of them measure the server and not themselves."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from typing import Any, Self
from urllib.parse import urlsplit

LONG, LONGER = 126, 127


class RawSocket:
    """One text message per frame, unmasked in effect (RFC 6455 section 5.3 with a key of zeroes)."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def opened(cls, url: str) -> Self:
        place = urlsplit(url)
        reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=2**20)
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(
            f"GET {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 101"):
            raise ConnectionError(answer[:100].decode())
        return cls(reader, writer)

    async def ask(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}
        self._write(0x1, json.dumps(message).encode())
        return await self.next()

    async def initialize(self) -> None:
        client = {"name": "load", "version": "1"}
        await self.ask("initialize", {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client})
        self._write(0x1, b'{"jsonrpc":"2.0","method":"notifications/initialized"}')

    async def next(self) -> dict[str, Any]:
        """The next message; pings are answered meanwhile. Raises ConnectionError when the server closes."""
        while True:
            opcode, data = await self._frame()
            if opcode == 0x9:
                self._write(0xA, data)
            elif opcode == 0x8:
                raise ConnectionError(f"closed with {int.from_bytes(data[:2], 'big')}")
            elif opcode == 0x1:
                return dict(json.loads(data))

    async def close(self) -> None:
        """Says goodbye and waits for the server's."""
        self._write(0x8, (1000).to_bytes(2, "big"))
        try:
            while (await self._frame())[0] != 0x8:
                pass
        except asyncio.IncompleteReadError:
            return
        finally:
            self._writer.close()

    async def _frame(self) -> tuple[int, bytes]:
        first, length = await self._reader.readexactly(2)
        if length == LONG:
            length = int.from_bytes(await self._reader.readexactly(2), "big")
        elif length == LONGER:
            length = int.from_bytes(await self._reader.readexactly(8), "big")
        return first & 0x0F, await self._reader.readexactly(length)

    def _write(self, opcode: int, data: bytes) -> None:
        if len(data) < LONG:
            head = bytes([0x80 | opcode, 0x80 | len(data)])
        else:
            head = bytes([0x80 | opcode, 0x80 | LONG]) + len(data).to_bytes(2, "big")
        self._writer.write(head + b"\0\0\0\0" + data)
