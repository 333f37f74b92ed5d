"""Leases on Redis: keys that expire unless their process keeps renewing them."""

from __future__ import annotations

import asyncio
import logging
import secrets
from typing import Any, Final

from mcp_tools.sessions.errors import StateUnavailable
from mcp_tools.sessions.leases import LEASE_SECONDS, RENEWALS
from mcp_tools.sessions.on_redis.connection import Connection, key, milliseconds
from mcp_tools.sessions.stopping import stop

log = logging.getLogger("gauzy_mcp.sessions")

_LEAVE_SECONDS: Final = 1.0


class RedisLeases:
    """One task renews whatever this process holds, in one round trip. A lease ends ``seconds`` after its process."""

    def __init__(self, connection: Connection, seconds: float = LEASE_SECONDS) -> None:
        self._connection = connection
        self._seconds = seconds
        self._ms = milliseconds(seconds)
        self._process = secrets.token_hex(8)
        self._held: set[str] = set()
        self._leaving: set[asyncio.Task[None]] = set()
        self._renewing: asyncio.Task[None] | None = None

    async def hold(self, name: str) -> None:
        self.keep(name)
        with self._connection.reachable():
            await self._connection.redis.set(key("lease", name), self._process, px=self._ms)

    async def release(self, name: str) -> None:
        self._held.discard(name)
        with self._connection.reachable():
            await self._connection.redis.delete(key("lease", name))

    async def held(self, name: str) -> bool:
        with self._connection.reachable():
            return bool(await self._connection.redis.exists(key("lease", name)))

    def claim(self, pipeline: Any, name: str) -> None:
        """Takes the lease as part of ``pipeline``, where its answer is None when somebody holds it already."""
        pipeline.set(key("lease", name), self._process, px=self._ms, nx=True)

    def keep(self, name: str) -> None:
        self._held.add(name)
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.get_running_loop().create_task(self._renew_forever())

    def let_go(self, name: str) -> None:
        leaving = asyncio.get_running_loop().create_task(self._let_go(name))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def aclose(self) -> None:
        if self._leaving:
            # What is not given up by then runs out by itself.
            await asyncio.wait(self._leaving, timeout=_LEAVE_SECONDS)
        if self._renewing is not None:
            await stop(self._renewing)

    async def _let_go(self, name: str) -> None:
        try:
            await self.release(name)
        except StateUnavailable as error:
            log.warning("a lease runs out by itself: %s", error)

    async def _renew_forever(self) -> None:
        while True:
            await asyncio.sleep(self._seconds / RENEWALS)
            try:
                await self._renew()
            except StateUnavailable as error:
                log.warning("leases could not be renewed: %s", error)

    async def _renew(self) -> None:
        if not self._held:
            return
        with self._connection.reachable():
            async with self._connection.redis.pipeline(transaction=False) as pipeline:
                for name in self._held:
                    pipeline.set(key("lease", name), self._process, px=self._ms)
                await pipeline.execute()
