"""The bus on Redis publish/subscribe: one channel, one subscription per process."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping
from contextvars import Context
from typing import Any, Final

import orjson
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import RedisError

from mcp_tools.sessions.bus import Heard, LocalBus
from mcp_tools.sessions.on_redis.connection import Connection
from mcp_tools.sessions.stopping import stop

log = logging.getLogger("gauzy_mcp.sessions")

_RETRY_SECONDS: Final = 0.5
QUIET_SECONDS: Final = 10.0
"""How long a silent connection is trusted before it has to prove that it still stands."""


class RedisBus:
    """Delivers to this process at once, and to the others through Redis."""

    def __init__(self, connection: Connection, quiet_seconds: float = QUIET_SECONDS) -> None:
        self._connection = connection
        self._quiet = quiet_seconds
        self._local = LocalBus()
        self._origin = secrets.token_hex(8)
        self._heard = True
        self._reading: asyncio.Task[None] | None = None

    def listen(self, topic: str, heard: Heard) -> Callable[[], None]:
        if self._reading is None or self._reading.done():
            self._reading = asyncio.get_running_loop().create_task(self._read_forever(), context=Context())
        return self._local.listen(topic, heard)

    async def publish(self, topic: str, payload: Any = None) -> None:
        self._local.deliver(topic, payload)
        with self._connection.reachable():
            await self._connection.redis.publish(self._connection.channel, self.encoded(topic, payload))

    def announce(self, pipeline: Any, topic: str, payload: Any = None) -> None:
        """Publishes as part of ``pipeline``, in the same round trip; :meth:`deliver` tells this process."""
        pipeline.publish(self._connection.channel, self.encoded(topic, payload))

    def deliver(self, topic: str, payload: Any = None) -> None:
        self._local.deliver(topic, payload)

    def encoded(self, topic: str, payload: Any) -> bytes:
        return orjson.dumps([self._origin, topic, payload])

    async def aclose(self) -> None:
        if self._reading is not None:
            await stop(self._reading)

    async def _read_forever(self) -> None:
        while True:
            try:
                await self._read()
            except (RedisError, OSError) as error:
                # Said once, and not at every attempt of a long outage.
                log.log(logging.WARNING if self._heard else logging.DEBUG, "the bus lost Redis: %s", error)
            except Exception:
                log.exception("the bus broke, and is built anew")
            self._heard = False
            await asyncio.sleep(_RETRY_SECONDS)

    async def _read(self) -> None:
        async with self._connection.redis.pubsub() as channel:
            await channel.subscribe(self._connection.channel)
            while True:
                self._take(await channel.get_message(timeout=self._quiet) or await self._proof_of_life(channel))

    async def _proof_of_life(self, channel: Any) -> Any:
        """A network that drops everything looks like one where nothing happens, so we ask. Raises RedisError."""
        await channel.ping()
        answer = await channel.get_message(timeout=self._quiet)
        if answer is None:
            raise ConnectionLost("nothing was heard for a while")
        return answer

    def _take(self, message: Mapping[str, Any]) -> None:
        try:
            if message["type"] == "message":
                self._hear(message["data"])
            elif message["type"] == "subscribe":
                # Now, and whenever redis-py has connected anew by itself: what was said before that is lost, so
                # everybody looks for themselves once.
                self._heard = True
                self._local.resync()
        except Exception:
            # One message that cannot be taken must not keep this process from hearing the next.
            log.exception("a message of the bus was not taken")

    def _hear(self, data: bytes) -> None:
        origin, topic, payload = orjson.loads(data)
        if origin != self._origin:
            self._local.deliver(topic, payload)
