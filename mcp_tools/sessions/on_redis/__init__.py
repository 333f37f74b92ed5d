"""The backplane of several processes, on one Redis (6.2 or later)."""

from __future__ import annotations

from mcp_tools.sessions.backplane import Backplane
from mcp_tools.sessions.leases import LEASE_SECONDS
from mcp_tools.sessions.limits import Rates, Unlimited
from mcp_tools.sessions.on_redis.bus import RedisBus
from mcp_tools.sessions.on_redis.connection import Connection
from mcp_tools.sessions.on_redis.events import RedisEvents
from mcp_tools.sessions.on_redis.leases import RedisLeases
from mcp_tools.sessions.on_redis.lifetime import RedisLifetime
from mcp_tools.sessions.on_redis.limits import RedisLimits
from mcp_tools.sessions.on_redis.mailbox import RedisMailbox
from mcp_tools.sessions.on_redis.records import RedisRecords
from mcp_tools.sessions.on_redis.sessions import RedisSessions
from mcp_tools.sessions.sealing import Sealer


def on_redis(
    url: str, ttl_seconds: float, key: bytes, rates: Rates | None = None, *, lease_seconds: float = LEASE_SECONDS
) -> Backplane:
    """``url`` is REDIS_URL; ``key`` (32 bytes) seals the Gauzy tokens that sessions carry; ``rates`` of None limit
    nobody."""
    connection = Connection(url)
    bus = RedisBus(connection)
    leases = RedisLeases(connection, lease_seconds)
    limits = RedisLimits(connection, rates) if rates else None
    return Backplane(
        sessions=RedisSessions(connection, ttl_seconds, Sealer(key), leases, limits),
        events=RedisEvents(connection, bus, ttl_seconds),
        bus=bus,
        mail=RedisMailbox(connection, bus),
        leases=leases,
        records=RedisRecords(connection),
        limits=limits or Unlimited(),
        lifetime=RedisLifetime(connection, bus, leases),
    )
