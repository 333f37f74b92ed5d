"""Rate limits, counted in a sliding window.

Two counts stand for the requests of one caller: those of the running window and those of the window before, which weigh
as much as of that window still lies within the sliding one. A request that is refused is not counted. So nothing that a
caller does makes its wait shorter or longer, and whoever was told to wait is refused without asking anybody.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

Clock = Callable[[], float]

MAX_CALLERS: Final = 100_000
"""Callers that one process counts by itself; beyond it the least recently seen are forgotten."""

MAX_WAITING: Final = 10_000
"""Callers that a process remembers having told to wait; the others are counted again to find out."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Requests to be counted: ``cost`` of them, all or none.

    ``kind`` has a limit of its own: request, upgrade, login, account, registration. Hits that differ only in their
    cost are counted together, so they are equal.
    """

    kind: str
    who: str
    cost: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Exceeded:
    """``limit`` requests per ``window`` seconds were too few; after ``reset`` seconds there may be more."""

    limit: int
    reset: int
    window: int


class LimitExceeded(Exception):
    """A hit that was one too many; it came with a look at a session, which was not taken."""

    def __init__(self, exceeded: Exceeded) -> None:
        super().__init__(f"more than {exceeded.limit} in {exceeded.window} seconds")
        self.exceeded = exceeded


@dataclass(frozen=True, slots=True)
class Rates:
    """``counts`` maps a kind to how many there may be per window; kinds that it does not name are not limited."""

    counts: Mapping[str, int]
    window_ms: int


class Limiter(Protocol):
    def told(self, hit: Hit) -> Exceeded | None:
        """What this process told the caller, while it has to wait. Counts nothing and asks nobody."""

    async def hit(self, hit: Hit) -> Exceeded | None:
        """Counts one request and answers None unless it is one too many.

        Raises StateUnavailable when the shared counters do not answer.
        """


class Unlimited:
    def told(self, hit: Hit) -> Exceeded | None:
        return None

    async def hit(self, hit: Hit) -> Exceeded | None:
        return None


class Waiting:
    """Who was told to wait, and until when."""

    def __init__(self, rates: Rates, *, clock: Clock = time.monotonic) -> None:
        self.rates = rates
        self._clock = clock
        self._until: OrderedDict[Hit, float] = OrderedDict()

    def told(self, hit: Hit) -> Exceeded | None:
        until = self._until.get(hit)
        if until is None:
            return None
        left = until - self._clock()
        if left <= 0:
            del self._until[hit]
            return None
        return self._exceeded(hit, left)

    def tell(self, hit: Hit, milliseconds: int) -> Exceeded:
        if hit.cost == 1:
            # Where several were too many, a single one may still be admitted.
            self._until[hit] = self._clock() + milliseconds / 1000
            self._until.move_to_end(hit)
            if len(self._until) > MAX_WAITING:
                self._until.popitem(last=False)
        return self._exceeded(hit, milliseconds / 1000)

    def _exceeded(self, hit: Hit, seconds: float) -> Exceeded:
        return Exceeded(self.rates.counts[hit.kind], math.ceil(seconds), math.ceil(self.rates.window_ms / 1000))


class MemoryLimits(Waiting):
    """Counts of one process."""

    def __init__(self, rates: Rates, *, clock: Clock = time.monotonic) -> None:
        super().__init__(rates, clock=clock)
        self._counts: OrderedDict[Hit, Counts] = OrderedDict()

    async def hit(self, hit: Hit) -> Exceeded | None:
        limit, window = self.rates.counts.get(hit.kind), self.rates.window_ms
        if limit is None:
            return None
        now = int(self._clock() * 1000)
        counts = self._counts.setdefault(hit, Counts(now))
        self._counts.move_to_end(hit)
        if len(self._counts) > MAX_CALLERS:
            self._counts.popitem(last=False)
        counts.slide(window, now)
        wait = wait_ms(room_for(hit, limit), window, now - counts.began, counts.current, counts.previous)
        if wait:
            return self.tell(hit, wait)
        counts.current += hit.cost
        return None


@dataclass(slots=True)
class Counts:
    """``began`` is when the running window did, in milliseconds of some clock."""

    began: int
    current: int = 0
    previous: int = 0

    def slide(self, window: int, now: int) -> None:
        age = now - self.began
        if age >= 2 * window:
            self.began, self.current, self.previous = now, 0, 0
        elif age >= window:
            self.began, self.current, self.previous = self.began + window, 0, self.current


def room_for(hit: Hit, limit: int) -> int:
    """How many other requests may have been counted where ``limit`` ones may, if all of ``hit`` is to be admitted."""
    return max(limit - hit.cost + 1, 1)


def wait_ms(limit: int, window: int, age: int, current: int, previous: int) -> int:
    """How long until one more request is admitted; 0 for now. ``age`` is that of the running window; all in ms."""
    room = limit - current
    if room <= 0:
        # Nothing before the next window, in which the present count weighs less and less.
        return window - age + wait_ms(limit, window, 0, 0, current)
    if previous * (window - age) // window < room:
        return 0
    return window - age - (room * window - 1) // previous
