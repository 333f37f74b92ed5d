"""The time of day of a test, which is not the machine's: no test depends on the day it runs on."""

from __future__ import annotations

import datetime
import itertools
import time
from dataclasses import dataclass

import pytest

from mcp_tools.clock import Clock

WEDNESDAY = datetime.datetime(2026, 3, 18, 14, tzinfo=datetime.UTC)
"""When tests take place unless they say otherwise: in the middle of a week, a month and a working day."""


@dataclass(frozen=True)
class When:
    """``moment`` is when a test takes place, ``zone`` where the person lives who calls."""

    moment: datetime.datetime = WEDNESDAY
    zone: str = "UTC"


USUAL = When()


def _utc(*parts: int) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=datetime.UTC)


MOMENTS = {
    "monday": _utc(2026, 11, 30, 9),
    "sunday": _utc(2026, 11, 29, 23, 30),
    "new_year": _utc(2027, 1, 1, 0, 30),
    "clocks_forward": _utc(2026, 3, 29, 1, 30),
    "clocks_back": _utc(2026, 10, 25, 1, 30),
    "leap_day": _utc(2028, 2, 29, 12),
    "last_day": _utc(2026, 12, 31, 18),
}
"""Moments at which days, weeks, months or years are easily mistaken; the clocks are those of Berlin."""
ZONES = {"kiritimati": "Pacific/Kiritimati", "los_angeles": "America/Los_Angeles"}
CALENDAR = [
    pytest.param(When(moment, zone), id=f"{name}-{place}")
    for (name, moment), (place, zone) in itertools.product(MOMENTS.items(), ZONES.items())
] + [
    pytest.param(When(MOMENTS[name], "Europe/Berlin"), id=f"{name}-berlin")
    for name in ("clocks_forward", "clocks_back")
]
"""What the fixture ``when`` is in a test that is marked ``calendar``."""


def clock(moment: datetime.datetime = WEDNESDAY) -> Clock:
    """A clock that shows ``moment`` now, and goes on from there."""
    started = time.monotonic()
    return lambda: moment + datetime.timedelta(seconds=time.monotonic() - started)
