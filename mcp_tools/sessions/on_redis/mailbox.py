"""The mailbox on Redis: a list per address that exists only while somebody waits."""

from __future__ import annotations

from typing import Any, Final

from mcp_tools.sessions.mailbox import MAIL_SECONDS, topic_of
from mcp_tools.sessions.on_redis.bus import RedisBus
from mcp_tools.sessions.on_redis.connection import Connection, key

_PUT: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2])
return 1
"""


class RedisMailbox:
    def __init__(self, connection: Connection, bus: RedisBus) -> None:
        self._connection = connection
        self._bus = bus
        self._put: Any = connection.redis.register_script(_PUT)

    async def open(self, address: str) -> None:
        with self._connection.reachable():
            await self._connection.redis.set(key("waiting", address), b"1", ex=MAIL_SECONDS)

    async def put(self, address: str, mail: bytes) -> bool:
        names = [key("waiting", address), key("mail", address)]
        with self._connection.reachable():
            taken = await self._put(keys=names, args=[mail, MAIL_SECONDS])
        if taken:
            await self._bus.publish(topic_of(address))
        return bool(taken)

    async def take(self, address: str) -> bytes | None:
        with self._connection.reachable():
            mail: bytes | None = await self._connection.redis.getdel(key("mail", address))
        return mail

    async def close(self, address: str) -> None:
        with self._connection.reachable():
            await self._connection.redis.delete(key("waiting", address), key("mail", address))
