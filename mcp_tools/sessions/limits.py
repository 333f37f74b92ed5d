"""Rate limits, counted in a sliding window and shared by all processes where there is a Redis."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any, Protocol

from mcp_tools.sessions.errors import StateUnavailable


@dataclass(frozen=True, slots=True)
class Exceeded:
    """``limit`` requests per ``window`` seconds were too few; after ``reset`` seconds there may be more."""

    limit: int
    reset: int
    window: int


class Limiter(Protocol):
    async def hit(self, kind: str, who: str) -> Exceeded | None:
        """Counts one request of ``who`` and answers None unless it is one too many.

        ``kind`` is request, upgrade or login. Raises StateUnavailable when the shared counters do not answer.
        """


class Unlimited:
    async def hit(self, kind: str, who: str) -> Exceeded | None:
        return None


class Window:
    """``limits`` maps a kind to how many there may be; kinds that it does not name are not limited."""

    def __init__(self, limits: dict[str, int], window_ms: int, redis_url: str | None) -> None:
        from limits import RateLimitItemPerSecond
        from limits.aio.strategies import SlidingWindowCounterRateLimiter

        self._window = max(math.ceil(window_ms / 1000), 1)
        self._items = {
            kind: RateLimitItemPerSecond(count, self._window, namespace=f"gauzy-mcp:limit:{kind}")
            for kind, count in limits.items()
        }
        self._strategy = SlidingWindowCounterRateLimiter(_storage(redis_url))

    async def hit(self, kind: str, who: str) -> Exceeded | None:
        item = self._items.get(kind)
        if item is None:
            return None
        try:
            if await self._strategy.hit(item, who):
                return None
            stats = await self._strategy.get_window_stats(item, who)
        except Exception as error:
            # The library passes on whatever its client raises; all of it means that the counters are away.
            raise StateUnavailable(f"the rate limits cannot be counted: {error}") from error
        return Exceeded(item.amount, max(math.ceil(stats.reset_time - time.time()), 1), self._window)


def _storage(redis_url: str | None) -> Any:
    if redis_url is None:
        from limits.aio.storage import MemoryStorage

        return MemoryStorage()
    from limits.aio.storage import RedisStorage

    return RedisStorage(f"async+{redis_url}", implementation="redispy", socket_connect_timeout=2, socket_timeout=5)
