"""Stretches of days as people say them, ``this_week`` or from one day to another, and the instants they mean in UTC.

Weeks begin on Monday. A day begins at its first instant in the time zone, so that the days of a week follow each other
without a gap or an overlap when clocks are put forward or back.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.context import Identity
from mcp_tools.catalog.requests import meant
from mcp_tools.catalog.tool import ToolError

Date = datetime.date
Days = tuple[Date, Date]

_DAY: Final = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The days ``first`` to ``last``, both included, where ``zone`` is the clock on the wall."""

    first: Date
    last: Date
    zone: datetime.tzinfo

    @property
    def begin(self) -> datetime.datetime:
        """The first instant, in UTC."""
        return _midnight(self.first, self.zone)

    @property
    def end(self) -> datetime.datetime:
        """The first instant after it, in UTC."""
        return _midnight(self.last + _DAY, self.zone)

    def day_of(self, moment: str) -> Date:
        """The day on the wall's calendar of an ISO 8601 instant."""
        return datetime.datetime.fromisoformat(moment).astimezone(self.zone).date()

    def to_dict(self) -> dict[str, str]:
        return {"from": str(self.first), "to": str(self.last), "timeZone": str(self.zone)}


def _week(today: Date) -> Days:
    monday = today - today.weekday() * _DAY
    return monday, monday + 6 * _DAY


def _month(today: Date) -> Days:
    first = today.replace(day=1)
    return first, (first + 31 * _DAY).replace(day=1) - _DAY


def _year(today: Date) -> Days:
    return today.replace(month=1, day=1), today.replace(month=12, day=31)


WORDS: Final[Mapping[str, Callable[[Date], Days]]] = {
    "today": lambda today: (today, today),
    "yesterday": lambda today: (today - _DAY, today - _DAY),
    "this_week": _week,
    "last_week": lambda today: _week(today - 7 * _DAY),
    "this_month": _month,
    "last_month": lambda today: _month(today.replace(day=1) - _DAY),
    "last_7_days": lambda today: (today - 6 * _DAY, today),
    "last_30_days": lambda today: (today - 29 * _DAY, today),
    "this_year": _year,
    "last_year": lambda today: _year(today.replace(month=1, day=1) - _DAY),
}
"""The days that each word means, from the day that today is. ``last_7_days`` ends with today."""


def arguments(default: str | None) -> dict[str, f.Field]:
    """The arguments that name a period; ``default`` is the word for none of them, without one it is all time.

    ``to`` is a day that belongs to the period; it is today unless given.
    """
    told = f"Such as today, this_week, last_month, last_7_days. Default {default or 'all'}"
    return {
        "period": f.one_of_many(*WORDS, about=told),
        "from": f.date("Instead of period"),
        "to": f.date(),
        "timeZone": f.text("IANA; mine unless given").as_unlisted(),
    }


OUTPUT: Final = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("from", "to", "timeZone")},
}


def asked(given: Mapping[str, Any], identity: Identity, default: str, now: datetime.datetime) -> Period:
    """The period that a caller means at the instant ``now``.

    Raises ToolError for an unknown word or time zone, and for days in wrong order.

    Without ``timeZone`` it is the time zone of the user, else UTC.
    """
    zone = _zone(given.get("timeZone"), identity)
    today = now.astimezone(zone).date()
    if given.get("from") is None and given.get("to") is None:
        word = meant(arguments(default)["period"], "period", given.get("period") or default)
        return Period(*WORDS[word](today), zone)
    return _between(given.get("from"), given.get("to"), today, zone)


def _between(begin: str | None, end: str | None, today: Date, zone: datetime.tzinfo) -> Period:
    if begin is None:
        raise ToolError("to needs from beside it: the first day, such as 2026-03-01")
    first, last = _day("from", begin), _day("to", end) if end is not None else today
    if last < first:
        raise ToolError(f"from ({first}) must not be after to ({last})")
    return Period(first, last, zone)


def _day(name: str, text: str) -> Date:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise ToolError(f"{name}: {text[:40]} is no day; write it as 2026-03-01") from None
    if not 1970 <= day.year <= 9000:
        raise ToolError(f"{name}: {day} is too far away")
    return day


def _zone(name: str | None, identity: Identity) -> datetime.tzinfo:
    """The named time zone. The user's own is taken only if it exists: nobody can mend it in a call."""
    if name is not None:
        found = _known(name)
        if found is None:
            raise ToolError(f"timeZone: {name[:40]} is unknown; write an IANA name such as Europe/Paris")
        return found
    return _known(identity.time_zone) or datetime.UTC


def _known(name: str) -> datetime.tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _midnight(day: Date, zone: datetime.tzinfo) -> datetime.datetime:
    """The day's first instant. Where clocks jump over midnight, fold 0 makes it the instant of the jump."""
    return datetime.datetime.combine(day, datetime.time.min, zone).astimezone(datetime.UTC)


def instant(moment: datetime.datetime) -> str:
    """As Gauzy writes instants: ``2026-11-23T10:51:13.000Z``."""
    return moment.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
