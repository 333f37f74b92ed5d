"""One daily plan: made, changed, filled with tasks, emptied and deleted, while tasks and other plans stay."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused
from tests.domains.stored import changed, stored

ALEX, EMMA, YUKI = (
    ident("employee", f"{demo.TENANT}/{who}@gauzy.local") for who in ("demo", "employee", "yuki.tanaka")
)  # fmt: skip
ONE, TWO = ident("task", "APO-1"), ident("task", "APO-2")
DAY, NEXT = "2031-06-02", "2031-06-03"
NOBODYS = "00000000-0000-4000-8000-000000000000"


async def planned(gauzy: Gauzy, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = await gauzy.call("create_daily_plan", **{"date": DAY, "workTimePlanned": 6, **more})
    return made


async def plan(gauzy: Gauzy, plan_id: str) -> dict[str, Any]:
    """What is told of a plan, its tasks by their ids."""
    shown = await gauzy.call("get_daily_plan", id=plan_id)
    names = ("date", "workTimePlanned", "status", "employeeId", "organizationTeamId")
    return {**{name: shown[name] for name in names}, "tasks": [task["id"] for task in shown["tasks"]]}


async def others(gauzy: Gauzy, plan_id: str) -> list[dict[str, Any]]:
    """All other plans with their tasks."""
    rows = (await gauzy.call("get_daily_plans", limit=100))["items"]
    return sorted((row for row in rows if row["id"] != plan_id), key=lambda row: str(row["id"]))


async def test_a_plan_is_mine_and_open_unless_said_otherwise(gauzy: Gauzy) -> None:
    made = await planned(gauzy, taskId=ONE)
    assert await plan(gauzy, made["id"]) == {
        "date": f"{DAY}T00:00:00.000Z", "workTimePlanned": 6, "status": "open", "employeeId": ALEX,
        "organizationTeamId": made["organizationTeamId"], "tasks": [ONE],
    }  # fmt: skip
    assert made["teamName"] in {name for name, people in demo.TEAMS.items() if "demo" in people}
    design = ident("team", "Design")
    other = await planned(gauzy, employeeId=YUKI, teamId=design, status="in-progress", workTimePlanned=2.5)
    told = await plan(gauzy, other["id"])
    assert (told["employeeId"], told["organizationTeamId"]) == (YUKI, design)
    assert (told["status"], told["workTimePlanned"], told["tasks"]) == ("in-progress", 2.5, [])


async def test_a_day_that_has_a_plan_keeps_it_and_gets_the_task(gauzy: Gauzy) -> None:
    first = await planned(gauzy, taskId=ONE, status="in-progress")
    second = await planned(gauzy, taskId=TWO, workTimePlanned=3)
    assert second["id"] == first["id"]
    told = await plan(gauzy, first["id"])
    assert (told["workTimePlanned"], told["status"], told["tasks"]) == (6, "in-progress", [ONE, TWO])


@pytest.mark.parametrize(("change", "after"), [
    ({"status": "completed"}, {"status": "completed"}),
    ({"workTimePlanned": 0.5}, {"workTimePlanned": 0.5}),
    ({"date": NEXT}, {"date": f"{NEXT}T00:00:00.000Z"}),
    ({"date": NEXT, "status": "in-progress"}, {"date": f"{NEXT}T00:00:00.000Z", "status": "in-progress"}),
])  # fmt: skip
async def test_a_plan_changes_in_what_is_given_alone(
    gauzy: Gauzy, change: dict[str, Any], after: dict[str, Any]
) -> None:  # fmt: skip
    made = await planned(gauzy, taskId=ONE, employeeId=EMMA)
    before, beside = await plan(gauzy, made["id"]), await others(gauzy, made["id"])
    await gauzy.call("update_daily_plan", id=made["id"], **change)
    assert await plan(gauzy, made["id"]) == {**before, **after}
    assert await others(gauzy, made["id"]) == beside


async def test_tasks_come_and_go_and_the_others_stay(gauzy: Gauzy) -> None:
    made = await planned(gauzy, taskId=ONE, employeeId=EMMA)
    before, task = await plan(gauzy, made["id"]), await stored(gauzy, "task", TWO)
    for _ in range(2):
        answer = await gauzy.call("add_task_to_daily_plan", planId=made["id"], taskId=TWO)
        assert [one["id"] for one in answer["tasks"]] == [ONE, TWO]
    assert await plan(gauzy, made["id"]) == {**before, "tasks": [ONE, TWO]}
    for _ in range(2):
        await gauzy.call("remove_task_from_daily_plan", planId=made["id"], taskId=ONE)
        assert await plan(gauzy, made["id"]) == {**before, "tasks": [TWO]}
    assert changed(task, await stored(gauzy, "task", TWO)) == set()


async def test_a_deleted_plan_is_gone_and_its_tasks_stay(gauzy: Gauzy) -> None:
    made = await planned(gauzy, taskId=ONE)
    beside = await others(gauzy, made["id"])
    assert await gauzy.call("delete_daily_plan", id=made["id"], confirm=True) == {"id": made["id"], "deleted": True}
    for name in ("get_daily_plan", "delete_daily_plan"):
        with pytest.raises(Refused, match=r"no daily plan|not found"):
            await gauzy.call(name, id=made["id"])
    assert await others(gauzy, "") == beside
    assert (await gauzy.call("get_task", id=ONE))["id"] == ONE
    assert (await planned(gauzy))["id"] != made["id"], "the day is free again"


async def test_an_employee_plans_his_own_day(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    made = await planned(emma)
    assert made["employeeId"] == EMMA
    await emma.call("add_task_to_daily_plan", planId=made["id"], taskId=ONE)
    await emma.call("update_daily_plan", id=made["id"], status="completed")
    told = await plan(gauzy, made["id"])
    assert (told["status"], told["tasks"]) == ("completed", [ONE])
    await emma.call("delete_daily_plan", id=made["id"], confirm=True)
    assert (await gauzy.call("get_employee_daily_plans", employeeId=EMMA, dateFrom=DAY))["total"] == 0


@pytest.mark.parametrize(("name", "wrong"), [
    ("create_daily_plan", {"date": DAY}),
    ("create_daily_plan", {"date": "tomorrow", "workTimePlanned": 6}),
    ("create_daily_plan", {"date": NEXT, "workTimePlanned": 25}),
    ("create_daily_plan", {"date": NEXT, "workTimePlanned": 6, "status": "done"}),
    ("create_daily_plan", {"date": NEXT, "workTimePlanned": 6, "employeeId": NOBODYS}),
    ("create_daily_plan", {"date": NEXT, "workTimePlanned": 6, "teamId": NOBODYS}),
    ("create_daily_plan", {"date": NEXT, "workTimePlanned": 6, "taskId": NOBODYS}),
    ("update_daily_plan", {}),
    ("update_daily_plan", {"workTimePlanned": -1}),
    ("update_daily_plan", {"status": "done"}),
    ("update_daily_plan", {"employeeId": EMMA}),
    ("update_daily_plan", {"id": NOBODYS, "status": "open"}),
    ("delete_daily_plan", {"id": NOBODYS}),
    ("add_task_to_daily_plan", {"taskId": NOBODYS}),
    ("add_task_to_daily_plan", {"taskId": TWO, "employeeId": EMMA}),
    ("add_task_to_daily_plan", {"planId": NOBODYS, "taskId": TWO}),
    ("remove_task_from_daily_plan", {"taskId": NOBODYS}),
    ("remove_task_from_daily_plan", {"taskId": ONE, "employeeId": EMMA}),
    ("remove_task_from_daily_plan", {"planId": NOBODYS, "taskId": ONE}),
])  # fmt: skip
async def test_what_is_no_plan_or_no_task_changes_nothing(gauzy: Gauzy, name: str, wrong: dict[str, Any]) -> None:
    made = await planned(gauzy, taskId=ONE)
    before, beside = await plan(gauzy, made["id"]), await others(gauzy, made["id"])
    key = {"create_daily_plan": None, "update_daily_plan": "id", "delete_daily_plan": "id"}.get(name, "planId")
    with pytest.raises(Refused):
        await gauzy.call(name, **({key: made["id"]} if key else {}) | wrong)
    assert await plan(gauzy, made["id"]) == before
    assert await others(gauzy, made["id"]) == beside
