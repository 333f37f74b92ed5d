"""Daily plans by team, employee and task; many at once; and a task that leaves many plans."""

from __future__ import annotations

import datetime

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

EMMA = ident("employee", f"{demo.TENANT}/employee@gauzy.local")
TASK, PRODUCT = ident("task", "APO-1"), ident("team", "Product")
NOBODYS = "00000000-0000-4000-8000-000000000000"


async def planned(gauzy: Gauzy, *days: str) -> list[str]:
    """Plans of Emma with one task, by their ids."""
    plans = [{"date": day, "workTimePlanned": 6, "employeeId": EMMA, "taskId": TASK} for day in days]
    told = await gauzy.call("bulk_create_daily_plans", plans=plans, confirm=True)
    assert (told["succeeded"], told["failed"]) == (len(days), 0)
    return [result["id"] for result in told["results"]]


async def test_many_plans_are_made_changed_counted_and_deleted(gauzy: Gauzy) -> None:
    ids = await planned(gauzy, "2031-04-07", "2031-04-08", "2031-04-09")
    days = {"dateFrom": "2031-04-07", "dateTo": "2031-04-30"}
    assert (await gauzy.call("get_daily_plan_count", **days))["count"] == 3
    changes = [
        {"id": ids[0], "status": "completed"},
        {"id": ids[1], "workTimePlanned": 2},
        {"id": NOBODYS, "status": "open"},
    ]
    told = await gauzy.call("bulk_update_daily_plans", plans=changes, confirm=True)
    assert [result["ok"] for result in told["results"]] == [True, True, False]
    figures = await gauzy.call("get_daily_plan_statistics", **days)
    assert (figures["count"], figures["by"]["status"]) == (3, {"open": 2, "completed": 1})
    assert figures["by"]["employeeName"] == {"Emma Fischer": 3}
    assert figures["sums"]["workTimePlanned"] == 14
    await gauzy.call("bulk_delete_daily_plans", ids=ids, confirm=True)
    assert (await gauzy.call("get_daily_plan_count", **days))["count"] == 0


async def test_plans_are_found_by_team_employee_and_task(gauzy: Gauzy) -> None:
    ids = await planned(gauzy, "2031-04-07", "2031-04-08")
    days = {"dateFrom": "2031-04-01", "dateTo": "2031-04-30"}
    team = (await gauzy.call("get_daily_plan", id=ids[0]))["organizationTeamId"]
    of_team = await gauzy.call("get_team_daily_plans", teamId=team, status="open", **days)
    of_employee = await gauzy.call("get_employee_daily_plans", employeeId=EMMA, **days)
    of_task = await gauzy.call("get_daily_plans_for_task", taskId=TASK, **days)
    for found in (of_team, of_employee, of_task):
        assert [row["id"] for row in found["items"]] == [ids[1], ids[0]], "the latest first"
    assert (await gauzy.call("get_team_daily_plans", teamId=NOBODYS))["total"] == 0
    completed = await gauzy.call("get_daily_plans_for_task", taskId=TASK, status="completed", **days)
    assert completed["total"] == 0, "Gauzy applies no filter there, and gives every plan of the task"
    assert (await gauzy.call("get_daily_plans_for_task", taskId=TASK, limit=1, **days))["has_more"]


@pytest.mark.calendar
async def test_a_task_leaves_the_plans_from_today_on_or_those_named(gauzy: Gauzy) -> None:
    last_year = str(gauzy.now().date() - datetime.timedelta(days=370))
    past, *coming = await planned(gauzy, last_year, "2031-04-07", "2031-04-08")
    told = await gauzy.call("remove_task_from_many_daily_plans", taskId=TASK, employeeId=EMMA)
    assert set(coming) <= {result["id"] for result in told["results"]}
    held = {row["id"] for row in (await gauzy.call("get_daily_plans_for_task", taskId=TASK, employeeId=EMMA))["items"]}
    assert past in held
    assert not held & set(coming)
    named = await gauzy.call("remove_task_from_many_daily_plans", taskId=TASK, employeeId=EMMA, planIds=[past, NOBODYS])
    assert [result["ok"] for result in named["results"]] == [True, False]
    with pytest.raises(Refused, match="nothing to take off"):
        await gauzy.call("remove_task_from_many_daily_plans", taskId=TASK, employeeId=EMMA)


@pytest.mark.parametrize(
    "wrong",
    [{"workTimePlanned": 6}, {"date": "2031-04-07"}, {"date": "2031-04-07", "workTimePlanned": 25}, {"date": "soon"}],
)
async def test_what_is_no_plan_is_refused_as_a_whole(gauzy: Gauzy, wrong: dict[str, object]) -> None:
    good = {"date": "2031-04-10", "workTimePlanned": 6, "employeeId": EMMA}
    with pytest.raises(Refused):
        await gauzy.call("bulk_create_daily_plans", plans=[good, wrong], confirm=True)
    assert (await gauzy.call("get_employee_daily_plans", employeeId=EMMA, dateFrom="2031-01-01"))["total"] == 0
