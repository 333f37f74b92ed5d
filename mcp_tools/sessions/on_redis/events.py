"""The event log on Redis streams, capped and expiring."""

from __future__ import annotations

from mcp_tools.sessions.events import BEGINNING, MAX_EVENTS, Event, topic_of
from mcp_tools.sessions.on_redis.bus import RedisBus
from mcp_tools.sessions.on_redis.connection import Connection, key, milliseconds


class RedisEvents:
    """One Redis stream per stream of a session; it lives ``ttl_seconds`` after its last event."""

    def __init__(self, connection: Connection, bus: RedisBus, ttl_seconds: float) -> None:
        self._connection = connection
        self._bus = bus
        self._ttl = milliseconds(ttl_seconds)

    async def append(self, uid: str, stream: str, message: bytes, *, end: bool = False) -> str:
        name, topic = _name(uid, stream), topic_of(uid, stream)
        with self._connection.reachable():
            async with self._connection.redis.pipeline(transaction=False) as pipeline:
                fields: dict[bytes, bytes] = {b"m": message, b"e": b"1" if end else b"0"}
                pipeline.xadd(name, fields, maxlen=MAX_EVENTS, approximate=True)
                pipeline.pexpire(name, self._ttl)
                self._bus.announce(pipeline, topic)
                event_id: bytes = (await pipeline.execute())[0]
        self._bus.deliver(topic)
        return event_id.decode()

    async def after(self, uid: str, stream: str, event_id: str) -> list[Event]:
        with self._connection.reachable():
            entries = await self._connection.redis.xrange(_name(uid, stream), min=f"({event_id}")
        return [Event(entry_id.decode(), fields[b"m"], fields[b"e"] == b"1") for entry_id, fields in entries]

    async def last(self, uid: str, stream: str) -> str:
        with self._connection.reachable():
            entries = await self._connection.redis.xrevrange(_name(uid, stream), count=1)
        return entries[0][0].decode() if entries else BEGINNING


def _name(uid: str, stream: str) -> str:
    return key("events", uid, stream)
