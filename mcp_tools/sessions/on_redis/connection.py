"""The connection pool of a process, and the names of our keys."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any, Final

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import RedisError

from mcp_tools.sessions.errors import StateUnavailable

PREFIX: Final = "gauzy-mcp:"
_CONNECT_SECONDS: Final = 2.0
_ANSWER_SECONDS: Final = 5.0
_LEAVE_SECONDS: Final = 1.0
_CONNECTIONS: Final = 64
"""Per process; who comes when all are busy waits for a moment instead of failing."""

CHANGE_IF_THERE: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV))
return 1
"""
"""Sets fields of a hash that exists: a record that ended must not come back without its time to live."""


class Connection:
    """``redis`` is the client; every use stands inside :meth:`reachable`.

    ``channel`` is for publish/subscribe, which Redis does not keep apart by database as it does keys: the number of
    the database in REDIS_URL is part of its name, so deployments with different numbers share nothing.
    """

    def __init__(self, url: str) -> None:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=_ANSWER_SECONDS,
            socket_connect_timeout=_CONNECT_SECONDS,
            socket_timeout=_ANSWER_SECONDS,
            # Not after a timeout: who waited that long has waited enough, and the command may have been done.
            retry=Retry(
                ExponentialWithJitterBackoff(base=0.02, cap=0.2), retries=2, supported_errors=(ConnectionLost,)
            ),
            client_name="gauzy-mcp",
        )
        # Typed as Any: redis-py declares every answer for all protocols and decodings at once.
        self.redis: Any = Redis.from_pool(pool)
        self._uses, self._closed, self._idle = 0, False, asyncio.Event()
        self.channel = key("bus", str(pool.connection_kwargs.get("db") or 0))
        self.change_if_there: Any = self.redis.register_script(CHANGE_IF_THERE)

    @contextlib.contextmanager
    def reachable(self) -> Iterator[None]:
        """Raises StateUnavailable for whatever keeps Redis from answering."""
        if self._closed:
            raise StateUnavailable("this process ends")
        self._uses += 1
        try:
            yield
        except (RedisError, OSError) as error:
            raise StateUnavailable(f"Redis does not answer: {error}") from error
        finally:
            self._uses -= 1
            if not self._uses:
                self._idle.set()

    async def aclose(self) -> None:
        """Lets what runs end, for a moment: redis-py breaks under whoever uses a connection that is taken away."""
        self._closed = True
        self._idle.clear()
        if self._uses:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LEAVE_SECONDS):
                    await self._idle.wait()
        await self.redis.aclose()


def key(*parts: str) -> str:
    return PREFIX + ":".join(parts)


def milliseconds(seconds: float) -> int:
    return max(int(seconds * 1000), 1)
