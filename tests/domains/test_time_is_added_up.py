"""Totals come from the logs themselves, in hours, with names, for the days that were meant."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

EMMA = ident("employee", f"{demo.TENANT}/employee@gauzy.local")
APOLLO, PORTAL = ident("project", "Apollo"), ident("project", "Customer Portal")
WEEK = {"from": "2031-03-03", "to": "2031-03-09"}


@pytest.fixture
async def worked(gauzy: Gauzy) -> Gauzy:
    """Five and a half hours of two people on two projects and two days."""
    for begin, end, more in (
        ("03T09:00", "03T11:00", {"projectId": APOLLO, "isBillable": True}),
        ("03T12:00", "03T13:30", {"projectId": PORTAL}),
        ("04T09:00", "04T10:00", {"projectId": APOLLO, "employeeId": EMMA, "isBillable": True}),
        ("04T22:30", "04T23:30", {}),
    ):
        times = {"startedAt": f"2031-03-{begin}:00Z", "stoppedAt": f"2031-03-{end}:00Z"}
        await gauzy.call("add_time_log", **times, **more)
    return gauzy


def told(answer: Any, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row.get(name) for name in names) for row in answer["items"]]


async def test_hours_are_told_by_project_person_and_day(worked: Gauzy) -> None:
    by_project = await worked.call("get_time_totals_by_project", **WEEK)
    assert (by_project["hours"], by_project["billableHours"], by_project["logs"]) == (5.5, 3, 4)
    assert told(by_project, "projectId", "projectName", "hours") == [
        (APOLLO, "Apollo", 3), (PORTAL, "Customer Portal", 1.5), (None, None, 1),
    ]  # fmt: skip
    by_person = await worked.call("get_time_totals_by_employee", **WEEK)
    assert told(by_person, "employeeName", "hours", "percent") == [
        ("Alex Morgan", 4.5, 81.8),
        ("Emma Fischer", 1, 18.2),
    ]
    by_day = await worked.call("get_time_totals", groupBy="day", **WEEK)
    assert told(by_day, "day", "hours") == [("2031-03-03", 3.5), ("2031-03-04", 2)]


async def test_filters_restrict_what_is_added_up(worked: Gauzy) -> None:
    assert (await worked.call("get_time_totals", projectId=APOLLO, **WEEK))["hours"] == 3
    assert (await worked.call("get_time_totals", employeeId=EMMA, **WEEK))["hours"] == 1
    assert (await worked.call("get_time_totals", mine=True, **WEEK))["hours"] == 4.5
    emma = await worked.sign_in("employee@gauzy.local")
    assert (await emma.call("get_time_totals", **WEEK))["hours"] == 1


async def test_a_log_counts_for_its_day_in_the_time_zone(worked: Gauzy) -> None:
    tokyo = await worked.call("get_time_totals", groupBy="day", timeZone="Asia/Tokyo", **WEEK)
    assert told(tokyo, "day", "hours") == [("2031-03-03", 3.5), ("2031-03-04", 1), ("2031-03-05", 1)]
    one = {"from": "2031-03-05", "to": "2031-03-05"}
    assert (await worked.call("get_time_totals", timeZone="Asia/Tokyo", **one))["hours"] == 1
    assert (await worked.call("get_time_totals", **one))["hours"] == 0


async def test_a_report_has_a_row_per_day_person_project_and_task(worked: Gauzy) -> None:
    report = await worked.call("get_time_report", limit=3, **WEEK)
    assert (report["total"], report["has_more"], report["hours"]) == (4, True, 5.5)
    assert told(report, "day", "employeeName", "projectName") == [
        ("2031-03-03", "Alex Morgan", "Apollo"), ("2031-03-03", "Alex Morgan", "Customer Portal"),
        ("2031-03-04", "Emma Fischer", "Apollo"),
    ]  # fmt: skip
    rest = await worked.call("get_time_report", limit=3, page=2, fields=["hours"], **WEEK)
    assert rest["items"] == [{"hours": 1.0}]


async def test_statistics_that_gauzy_inflates_are_not_told(worked: Gauzy) -> None:
    query = [("startDate", "2031-03-03T00:00:00.000Z"), ("endDate", "2031-03-09T23:59:59.999Z")]
    owner = [("organizationId", ident("organization", demo.ORGANIZATION)), ("tenantId", ident("tenant", demo.TENANT))]
    members = await worked.request("GET", "/timesheet/statistics/members", query=[*owner, *query])
    assert sum(row["duration"] for row in members) / 3600 > 5 * 5.5, "Gauzy's own figure is far too large"
    shown = await worked.call("get_dashboard_statistics", **WEEK)
    assert (shown["hours"], shown["employees"], shown["projects"]) == (5.5, 2, 2)
    assert [row["projectName"] for row in shown["topProjects"][:2]] == ["Apollo", "Customer Portal"]
    active = await worked.call("get_activity_summary", **WEEK)
    assert active["hours"] == 5.5
    assert 0 < active["activityPercent"] < 100
    assert active["programs"][0]["title"] == "Visual Studio Code"


async def test_time_slots_are_listed_and_filtered_by_activity(worked: Gauzy) -> None:
    slots = await worked.call("list_time_slots", employeeId=EMMA, **WEEK)
    assert (slots["total"], slots["items"][0]["duration"]) == (6, 600)
    middle = slots["items"][0]["percentage"]
    busy = await worked.call("list_time_slots", employeeId=EMMA, minActivity=middle, **WEEK)
    assert {row["percentage"] >= middle for row in busy["items"]} == {True}
    assert busy["total"] <= slots["total"]


@pytest.mark.parametrize(
    "wrong",
    [{"period": "some_day"}, {"to": "2031-03-03"}, {"from": "2031-03-09", "to": "2031-03-03"}, {"timeZone": "Mars"},
     {"groupBy": "mood"}, {"projectId": "Apollo"}],
)  # fmt: skip
async def test_what_makes_no_period_is_refused(gauzy: Gauzy, wrong: dict[str, str]) -> None:
    with pytest.raises(Refused):
        await gauzy.call("get_time_totals", **wrong)


@pytest.mark.parametrize("period", ["today", "this_week", "last_week", "last_30_days", "this_year"])
async def test_a_word_and_its_days_mean_the_same(gauzy: Gauzy, period: str) -> None:
    by_word = await gauzy.call("get_time_totals", period=period)
    days = by_word["period"]
    assert await gauzy.call("get_time_totals", **{"from": days["from"], "to": days["to"]}) == by_word
    logs = await gauzy.call("list_time_logs", period=period, limit=100)
    assert logs["total"] == by_word["logs"]
