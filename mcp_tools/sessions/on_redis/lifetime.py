"""Ending the Redis side of a process: background tasks first, then the connections they use."""

from __future__ import annotations

from dataclasses import dataclass

from mcp_tools.sessions.on_redis.bus import RedisBus
from mcp_tools.sessions.on_redis.connection import Connection
from mcp_tools.sessions.on_redis.leases import RedisLeases


@dataclass(frozen=True, slots=True)
class RedisLifetime:
    connection: Connection
    bus: RedisBus
    leases: RedisLeases

    async def ping(self) -> None:
        with self.connection.reachable():
            await self.connection.redis.ping()

    async def aclose(self) -> None:
        await self.bus.aclose()
        await self.leases.aclose()
        await self.connection.aclose()
