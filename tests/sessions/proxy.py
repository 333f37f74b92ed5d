"""A network between a client and Redis that counts, can be held up, and can fall silent without a word."""

from __future__ import annotations

import asyncio
import math
from typing import Self
from urllib.parse import urlsplit


class Proxy:
    """``requests`` are the bursts that clients sent: a pipeline is one, and subscribers do not count.

    ``allowed`` bursts still get through; the others wait. ``connections`` counts what was opened,
    ``carried`` all that passed in either direction.
    """

    allowed: float = math.inf

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._swallowing: set[int] = set()
        self._more = asyncio.Event()
        self.requests = 0
        self.carried = 0
        self.connections = 0
        self.url = ""

    @classmethod
    async def to(cls, url: str) -> Self:
        parts = urlsplit(url)
        made = cls(parts.hostname or "127.0.0.1", parts.port or 6379)
        made._server = await asyncio.start_server(made._serve, "127.0.0.1", 0)
        port = made._server.sockets[0].getsockname()[1]
        made.url = parts._replace(netloc=f"127.0.0.1:{port}").geturl()
        return made

    def allow(self, requests: float = math.inf) -> None:
        self.allowed = requests
        self._more.set()

    async def quiet(self) -> None:
        """Waits until nothing was sent for a while."""
        while True:
            before = self.requests
            await asyncio.sleep(0.2)
            if self.requests == before:
                return

    def swallow(self) -> None:
        """From now on what the present connections carry is lost, though they stay open."""
        self._swallowing = set(range(self.connections))

    async def aclose(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = self.connections
        self.connections += 1
        from_redis, to_redis = await asyncio.open_connection(*self._target)
        for task in (
            asyncio.create_task(self._carry(reader, to_redis, number, counted=True)),
            asyncio.create_task(self._carry(from_redis, writer, number, counted=False)),
        ):
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, number: int, *, counted: bool
    ) -> None:
        listens = False
        try:
            while data := await source.read(65_536):
                self.carried += 1
                listens = listens or b"SUBSCRIBE" in data
                if counted and not listens:
                    self.requests += 1
                    await self._admitted()
                if number not in self._swallowing:
                    target.write(data)
                    await target.drain()
        except ConnectionError:
            return
        finally:
            target.close()

    async def _admitted(self) -> None:
        while self.allowed < 1:
            self._more.clear()
            await self._more.wait()
        self.allowed -= 1
