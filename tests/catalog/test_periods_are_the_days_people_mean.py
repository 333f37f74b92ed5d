"""Words such as ``this_week``, with a clock of the test's own, in time zones whose clocks jump."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.catalog.periods import WORDS, Period, asked, instant
from mcp_tools.catalog.tool import ToolError
from tests.catalog.recorder import ADA

WEDNESDAY = datetime.datetime(2026, 3, 4, 15, 30, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
ZONES = (
    "UTC",
    "Europe/Paris",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Beirut",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Africa/Cairo",
)


def days(now: datetime.datetime = WEDNESDAY, **given_: Any) -> tuple[str, str]:
    found = asked(given_, ADA, "this_week", now)
    return str(found.first), str(found.last)


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("today", "2026-03-04", "2026-03-04"),
        ("yesterday", "2026-03-03", "2026-03-03"),
        ("this_week", "2026-03-02", "2026-03-08"),
        ("last_week", "2026-02-23", "2026-03-01"),
        ("this_month", "2026-03-01", "2026-03-31"),
        ("last_month", "2026-02-01", "2026-02-28"),
        ("last_7_days", "2026-02-26", "2026-03-04"),
        ("last_30_days", "2026-02-03", "2026-03-04"),
        ("this_year", "2026-01-01", "2026-12-31"),
        ("last_year", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_word_means_days(word: str, first: str, last: str) -> None:
    assert days(period=word) == (first, last)


def test_nothing_means_the_default_and_a_range_wins_over_a_word() -> None:
    assert days() == days(period="this_week")
    assert days(**{"period": "today", "from": "2026-01-10", "to": "2026-01-12"}) == ("2026-01-10", "2026-01-12")
    assert days(**{"from": "2026-03-01"}) == ("2026-03-01", "2026-03-04")


def test_monday_belongs_to_its_own_week_and_so_does_sunday() -> None:
    monday, sunday = (datetime.datetime(2026, 3, day, 12, tzinfo=datetime.UTC) for day in (2, 8))
    assert days(monday) == days(sunday) == ("2026-03-02", "2026-03-08")


def test_today_is_what_the_calendar_in_the_time_zone_says() -> None:
    late = datetime.datetime(2026, 3, 4, 23, 30, tzinfo=datetime.UTC)
    assert days(late, period="today", timeZone="Asia/Tokyo") == ("2026-03-05", "2026-03-05")
    assert days(late, period="today", timeZone="America/New_York") == ("2026-03-04", "2026-03-04")


def test_the_users_own_time_zone_counts_unless_another_is_named() -> None:
    late = datetime.datetime(2026, 3, 4, 23, 30, tzinfo=datetime.UTC)
    tokyo = replace(ADA, time_zone="Asia/Tokyo")
    assert str(asked({"period": "today"}, tokyo, "today", late).first) == "2026-03-05"
    assert str(asked({"period": "today", "timeZone": "UTC"}, tokyo, "today", late).first) == "2026-03-04"
    for broken in ("", "Middle-earth/Shire", "../etc/passwd", "Europe"):
        assert asked({"period": "today"}, replace(ADA, time_zone=broken), "today", late).to_dict()["timeZone"] == "UTC"


@pytest.mark.parametrize("name", ["Middle-earth/Shire", "../../etc/passwd", "/etc/passwd", "Europe", "", "\0"])
def test_an_unknown_time_zone_is_refused(name: str) -> None:
    with pytest.raises(ToolError, match="IANA"):
        days(period="today", timeZone=name)


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "2026-03-01"},
        {"from": "2026-03-02", "to": "2026-03-01"},
        {"from": "2026-03-05"},
        {"from": "2026-02-30"},
        {"from": "tomorrow"},
        {"from": "2026-03-01", "to": "9999-12-31"},
    ],
)
def test_days_that_make_no_period_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ToolError):
        days(**wrong)


def test_a_day_has_23_or_25_hours_when_clocks_change() -> None:
    paris = {"timeZone": "Europe/Paris"}
    spring, autumn = (
        asked({"from": day, "to": day, **paris}, ADA, "today", WEDNESDAY) for day in ("2026-03-29", "2026-10-25")
    )
    assert [one.end - one.begin for one in (spring, autumn)] == [datetime.timedelta(hours=23), DAY + DAY / 24]
    assert instant(spring.begin) == "2026-03-28T23:00:00.000Z"
    assert instant(autumn.end) == "2026-10-25T23:00:00.000Z"


def test_a_day_without_midnight_begins_when_the_clock_jumps() -> None:
    jump = asked({"from": "2026-04-24", "to": "2026-04-24", "timeZone": "Africa/Cairo"}, ADA, "today", WEDNESDAY)
    assert instant(jump.begin) == "2026-04-23T22:00:00.000Z"
    assert jump.end - jump.begin == datetime.timedelta(hours=23)


@given(day=st.dates(datetime.date(1990, 1, 1), datetime.date(2060, 1, 1)), zone=st.sampled_from(ZONES))
def test_days_follow_each_other_without_gap_or_overlap(day: datetime.date, zone: str) -> None:
    here, after = (Period(one, one, ZoneInfo(zone)) for one in (day, day + DAY))
    assert here.end == after.begin
    assert datetime.timedelta(0) <= here.end - here.begin <= datetime.timedelta(hours=26)


@given(
    moment=st.datetimes(datetime.datetime(1990, 1, 1), datetime.datetime(2060, 1, 1)),
    zone=st.sampled_from(ZONES),
    word=st.sampled_from(sorted(WORDS)),
)
def test_every_word_is_a_period_in_order_and_an_instant_in_it_is_on_one_of_its_days(
    moment: datetime.datetime, zone: str, word: str
) -> None:
    now = moment.replace(tzinfo=datetime.UTC)
    found = asked({"period": word, "timeZone": zone}, ADA, "today", now)
    assert found.first <= found.last
    assert found.begin < found.end or zone == "Pacific/Apia"
    if "last_month" not in word and word not in ("yesterday", "last_week", "last_year"):
        assert found.begin <= now < found.end
        assert found.first <= found.day_of(instant(now)) <= found.last
