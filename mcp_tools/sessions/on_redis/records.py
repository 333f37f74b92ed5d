"""Records on Redis: a hash each, one field of JSON per field."""

from __future__ import annotations

from itertools import chain
from typing import Any

import orjson

from mcp_tools.sessions.on_redis.connection import Connection, key, milliseconds
from mcp_tools.sessions.records import Fields


class RedisRecords:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def create(self, name: str, fields: Fields, ttl_seconds: float) -> None:
        with self._connection.reachable():
            async with self._connection.redis.pipeline(transaction=True) as pipeline:
                pipeline.hset(key("record", name), mapping=_encoded(fields))
                pipeline.pexpire(key("record", name), milliseconds(ttl_seconds))
                await pipeline.execute()

    async def change(self, name: str, fields: Fields) -> bool:
        flat = list(chain.from_iterable(_encoded(fields).items()))
        with self._connection.reachable():
            return bool(await self._connection.change_if_there(keys=[key("record", name)], args=flat))

    async def read(self, name: str) -> dict[str, Any] | None:
        with self._connection.reachable():
            stored = await self._connection.redis.hgetall(key("record", name))
        return {field.decode(): orjson.loads(value) for field, value in stored.items()} or None


def _encoded(fields: Fields) -> dict[str, bytes]:
    return {name: orjson.dumps(value) for name, value in fields.items()}
