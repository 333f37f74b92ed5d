"""Words such as ``today`` mean the days of the person who calls, wherever they live and whatever day it is."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.clocks import When
from tests.domains.gauzy import Gauzy

pytestmark = pytest.mark.calendar
DAY = datetime.timedelta(days=1)


def today(when: When) -> datetime.date:
    return when.moment.astimezone(ZoneInfo(when.zone)).date()


async def test_a_new_demo_company_has_worked_this_week_and_today(gauzy: Gauzy) -> None:
    for period in ("today", "this_week", "last_week"):
        told = await gauzy.call("get_time_totals", mine=True, period=period, timeZone="UTC")
        assert told["hours"] > 0, period
    own_week = await gauzy.call("get_time_totals", mine=True, period="this_week")
    assert own_week["hours"] > 0


async def test_a_word_and_its_days_mean_the_same_time(gauzy: Gauzy, when: When) -> None:
    monday = today(when) - today(when).weekday() * DAY
    for period, first, last in (
        ("today", today(when), today(when)),
        ("this_week", monday, monday + 6 * DAY),
        ("last_week", monday - 7 * DAY, monday - DAY),
    ):
        days = {"from": str(first), "to": str(last)}
        by_word = await gauzy.call("get_time_totals", period=period)
        assert by_word["period"] == {**days, "timeZone": when.zone}
        assert await gauzy.call("get_time_totals", **days) == by_word


async def test_the_days_of_a_week_add_up_to_it(gauzy: Gauzy, when: When) -> None:
    week = await gauzy.call("get_time_totals", period="this_week")
    days = [datetime.date.fromisoformat(week["period"]["from"]) + number * DAY for number in range(7)]
    single = [await gauzy.call("get_time_totals", **{"from": str(day), "to": str(day)}) for day in days]
    assert sum(day["logs"] for day in single) == week["logs"]
    assert (await gauzy.call("list_time_logs", limit=1))["total"] == week["logs"]


async def test_a_log_of_this_moment_is_of_today(gauzy: Gauzy) -> None:
    before = await gauzy.call("get_time_totals", mine=True, period="today")
    await gauzy.call("start_timer", description="Just begun")
    await gauzy.call("stop_timer")
    now = gauzy.now()
    added = {"startedAt": now.isoformat(), "stoppedAt": (now + datetime.timedelta(minutes=6)).isoformat()}
    await gauzy.call("add_time_log", **added)
    after = await gauzy.call("get_time_totals", mine=True, period="today")
    assert round(after["hours"] - before["hours"], 2) == 0.1
