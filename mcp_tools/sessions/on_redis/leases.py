"""Leases on Redis: keys that expire unless their process keeps renewing them."""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextvars import Context
from typing import Final

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
        self._left: set[str] = set()
        self._leaving: asyncio.Task[None] | None = None
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

    def terms(self, name: str) -> tuple[str, str, int]:
        """Key, value and milliseconds of a lease, for a script that takes it unless somebody holds it already."""
        return key("lease", name), self._process, self._ms

    def keep(self, name: str) -> None:
        self._held.add(name)
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.get_running_loop().create_task(self._renew_forever(), context=Context())

    def let_go(self, name: str) -> None:
        self._held.discard(name)
        self._left.add(name)
        if self._leaving is None or self._leaving.done():
            self._leaving = asyncio.get_running_loop().create_task(self._give_up(), context=Context())

    async def aclose(self) -> None:
        if self._leaving is not None:
            # What is not given up by then runs out by itself.
            await asyncio.wait({self._leaving}, timeout=_LEAVE_SECONDS)
        if self._renewing is not None:
            await stop(self._renewing)

    async def _give_up(self) -> None:
        """What is let go while Redis answers goes together, next."""
        while self._left:
            names, self._left = self._left, set()
            try:
                with self._connection.reachable():
                    await self._connection.redis.delete(*(key("lease", name) for name in names))
            except StateUnavailable as error:
                log.warning("%d leases run out by themselves: %s", len(names), error)

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
