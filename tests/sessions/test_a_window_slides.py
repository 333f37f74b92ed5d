"""How requests are counted, in memory and on Redis alike: the window slides, and a wait is as long as was told."""

from __future__ import annotations

import itertools
from contextlib import aclosing

import pytest

from mcp_tools.sessions.limits import Hit, Limiter, MemoryLimits, Rates, wait_ms
from mcp_tools.sessions.on_redis import on_redis as plane_on
from tests.sessions.planes import KEY, TTL, OnRedis, until

WINDOW = 10_000
HIT = Hit("request", "emma")


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def test_never_many_more_than_the_limit_in_any_window() -> None:
    """The count of the window before is spread evenly, so a burst at its end can let a few more through, not twice."""
    clock, limit = Clock(), 20
    limits = MemoryLimits(Rates({"request": limit}, WINDOW), clock=clock)
    admitted = []
    for number in range(1000):
        clock.seconds = number * 0.05
        if await limits.hit(HIT) is None:
            admitted.append(clock.seconds)
    for first in admitted:
        assert len([one for one in admitted if first <= one < first + WINDOW / 1000]) <= limit * 1.5
    assert len(admitted) >= limit * 4


async def test_after_the_wait_that_was_told_there_is_room_again() -> None:
    clock = Clock()
    limits = MemoryLimits(Rates({"request": 3}, WINDOW), clock=clock)
    for _ in range(5):
        while (exceeded := await limits.hit(HIT)) is None:
            clock.seconds += 0.1
        assert 0 < exceeded.reset <= WINDOW / 1000
        clock.seconds += exceeded.reset
        assert await limits.hit(HIT) is None


@pytest.mark.parametrize("limit", [1, 2, 3, 10, 100])
def test_a_wait_is_never_a_millisecond_too_short_or_too_long(limit: int) -> None:
    for previous, current, age in itertools.product(range(limit + 1), range(limit + 1), range(0, WINDOW, 997)):
        if limit == 100 and previous % 9:
            continue
        wait = wait_ms(limit, WINDOW, age, current, previous)
        assert _room(limit, age + wait, current, previous)
        if wait:
            assert not _room(limit, age + wait - 1, current, previous)


def _room(limit: int, age: int, current: int, previous: int) -> bool:
    if age >= WINDOW:
        age, current, previous = age - WINDOW, 0, current
    return current + previous * (WINDOW - age) // WINDOW < limit


async def test_processes_count_on_the_clock_of_redis(on_redis: OnRedis) -> None:
    rates = Rates({"request": 3, "login": 1}, 400)
    async with (
        aclosing(plane_on(on_redis.url, TTL, KEY, rates)) as a,
        aclosing(plane_on(on_redis.url, TTL, KEY, rates)) as b,
    ):
        await _count_together(a.limits, b.limits)
    assert b"emma" not in await on_redis.everything()


async def _count_together(here: Limiter, there: Limiter) -> None:
    assert [await limits.hit(HIT) for limits in (here, there, here)] == [None] * 3
    exceeded = await there.hit(HIT)
    assert exceeded is not None
    assert (exceeded.limit, exceeded.window) == (3, 1)
    assert here.told(HIT) is None, "nobody told it here"
    assert there.told(HIT) is not None
    assert await there.hit(Hit("login", "emma")) is None
    assert await there.hit(Hit("upgrade", "emma")) is None, "a kind without a limit"

    async def admitted() -> bool:
        return await there.hit(HIT) is None

    await until(admitted)
