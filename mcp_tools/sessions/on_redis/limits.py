"""Rate limits on Redis: one hash per caller and kind, counted by a script, on the clock of Redis."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from mcp_tools.sessions.limits import Exceeded, Hit, Rates, Waiting, room_for, wait_ms
from mcp_tools.sessions.on_redis.connection import Connection, key

COUNT: Final = """
local function count(name, limit, window, cost)
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local stored = redis.call('HMGET', name, 'began', 'current', 'previous')
    local began, current, previous = tonumber(stored[1]) or now, tonumber(stored[2]) or 0, tonumber(stored[3]) or 0
    local age = now - began
    if age < 0 or age >= 2 * window then
        began, current, previous, age = now, 0, 0, 0
    elseif age >= window then
        began, current, previous, age = began + window, 0, current, age - window
    end
    if current + math.floor(previous * (window - age) / window) >= limit then
        return {1, age, current, previous}
    end
    redis.call('HSET', name, 'began', string.format('%.0f', began), 'current', current + cost, 'previous', previous)
    redis.call('PEXPIRE', name, 2 * window - age)
end
"""
"""A function for scripts: nil for requests that are admitted and counted, else ``{1, age, current, previous}``.

``limit`` is what others may have counted, see :func:`~mcp_tools.sessions.limits.room_for`.
"""

_HIT: Final = COUNT + "return count(KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])) or {0}"


class RedisLimits(Waiting):
    """Counts that processes share. ``asked`` and ``found`` are for scripts that count as part of something else."""

    def __init__(self, connection: Connection, rates: Rates) -> None:
        super().__init__(rates)
        self._connection = connection
        self._hit: Any = connection.redis.register_script(_HIT)

    async def hit(self, hit: Hit) -> Exceeded | None:
        if hit.kind not in self.rates.counts:
            return None
        name, *terms = self.asked(hit)
        with self._connection.reachable():
            return self.found(hit, await self._hit(keys=[name], args=terms))

    def asked(self, hit: Hit) -> tuple[str, int, int, int]:
        """The key, limit, window and cost that :data:`COUNT` takes; a limit of 0 for a kind without one."""
        # The address is no secret, but need not be in Redis.
        name = key("limit", hit.kind, hashlib.sha256(hit.who.encode()).hexdigest())
        limit = self.rates.counts.get(hit.kind, 0)
        return name, room_for(hit, limit) if limit else 0, self.rates.window_ms, hit.cost

    def found(self, hit: Hit, answer: list[Any]) -> Exceeded | None:
        """What the answer of :data:`COUNT` means."""
        if not answer[0]:
            return None
        limit, window = self.rates.counts[hit.kind], self.rates.window_ms
        return self.tell(hit, wait_ms(room_for(hit, limit), window, *answer[1:4]))
