"""Both kinds of shared state behind one face, with a time that tests can let pass."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import Protocol

from redis.asyncio import Redis

from mcp_tools.sessions.backplane import Backplane
from mcp_tools.sessions.bus import LocalBus
from mcp_tools.sessions.events import MemoryEvents
from mcp_tools.sessions.leases import MemoryLeases
from mcp_tools.sessions.mailbox import MemoryMailbox
from mcp_tools.sessions.on_redis import on_redis
from mcp_tools.sessions.records import MemoryRecords
from mcp_tools.sessions.store import MemorySessions

TTL = 1000.0
"""Seconds that an unused session lives in these tests; no test lasts that long."""

KEY = b"k" * 32
PATIENCE_SECONDS = 20


class Processes(Protocol):
    here: Backplane
    there: Backplane

    async def let_pass(self, seconds: float) -> None:
        """What was made or renewed before is ``seconds`` older afterwards."""


class Memory:
    def __init__(self) -> None:
        self._passed = 0.0
        bus = LocalBus()
        self.here = self.there = Backplane(
            sessions=MemorySessions(TTL, clock=self._clock),
            events=MemoryEvents(TTL, bus, clock=self._clock),
            bus=bus,
            mail=MemoryMailbox(bus),
            leases=MemoryLeases(),
            records=MemoryRecords(clock=self._clock),
        )

    async def let_pass(self, seconds: float) -> None:
        self._passed += seconds

    def _clock(self) -> float:
        return time.monotonic() + self._passed


class OnRedis:
    """A Redis that no other test uses; time passes by shortening the life of every key."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.redis: Redis = Redis.from_url(url)
        self.here, self.there = on_redis(url, TTL, KEY), on_redis(url, TTL, KEY)

    async def everything(self) -> bytes:
        """Each byte that is stored, keys and values."""
        kept = await self.redis.keys()
        return b"\n".join(kept) + b"\n".join([await self._value(one) for one in kept])

    async def let_pass(self, seconds: float) -> None:
        for name in await self.redis.keys():
            left = await self.redis.pttl(name)
            if left > 0:
                await self.redis.pexpire(name, max(int(left - seconds * 1000), 1))
                if left <= seconds * 1000:
                    await until(lambda name=name: self.redis.exists(name), wanted=0)

    async def aclose(self) -> None:
        await self.here.aclose()
        await self.there.aclose()
        await self.redis.flushall()
        await self.redis.aclose()

    async def _value(self, name: bytes) -> bytes:
        kind = await self.redis.type(name)
        if kind == b"hash":
            return repr(await self.redis.hgetall(name)).encode()
        if kind == b"stream":
            return repr(await self.redis.xrange(name)).encode()
        if kind == b"set":
            return repr(await self.redis.smembers(name)).encode()
        return bytes(await self.redis.get(name) or b"")


async def until(look: Callable[[], object], wanted: object = True) -> None:
    """Looks until ``look`` answers, or an awaitable of it gives, ``wanted``; fails the test after a long while."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            seen = look()
            if (await seen if inspect.isawaitable(seen) else seen) == wanted:
                return
            await asyncio.sleep(0.01)
