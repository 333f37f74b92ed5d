"""Gauzy has no locks; what one person asks for at the same moment is done one after another where it would collide."""

from __future__ import annotations

import asyncio

import pytest

from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

APOLLO = ident("project", "Apollo")


async def test_people_assigned_at_once_are_all_assigned(gauzy: Gauzy) -> None:
    task = (await gauzy.call("create_task", title="Together", projectId=APOLLO))["id"]
    people = [row["id"] for row in (await gauzy.call("get_employees", limit=4))["items"]]
    await asyncio.gather(
        *(gauzy.call("assign_task_to_employee", taskId=task, employeeId=employee) for employee in people)
    )
    members = (await gauzy.call("get_task", id=task, relations=["members"]))["members"]
    assert {member["id"] for member in members} == set(people)


async def test_several_changes_of_one_record_all_stay(gauzy: Gauzy) -> None:
    task = (await gauzy.call("create_task", title="before", projectId=APOLLO))["id"]
    updates = [{"id": task, "title": "after"}, {"id": task, "status": "done"}, {"id": task, "priority": "high"}]
    await gauzy.call("bulk_update_tasks", updates=updates, confirm=True)
    row = await gauzy.call("get_task", id=task)
    assert (row["title"], row["status"], row["priority"]) == ("after", "done", "high")


async def test_new_members_of_a_project_leave_its_managers(gauzy: Gauzy) -> None:
    before = (await gauzy.call("get_project", id=APOLLO, relations=["members"]))["members"]
    managers = {one["employeeId"] for one in before if one["isManager"]}
    newcomer = (await gauzy.call("get_employees", limit=10))["items"][-1]["id"]
    assert managers and newcomer not in managers
    await gauzy.call("update_project", id=APOLLO, memberIds=[newcomer])
    after = (await gauzy.call("get_project", id=APOLLO, relations=["members"]))["members"]
    assert {one["employeeId"] for one in after if one["isManager"]} == managers
    assert {one["employeeId"] for one in after if not one["isManager"]} == {newcomer}


async def test_an_employee_changes_no_plan_of_another(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    own = {row["id"] for row in (await emma.call("get_my_daily_plans", limit=50))["items"]}
    other = next(row for row in (await gauzy.call("get_daily_plans", limit=50))["items"] if row["id"] not in own)
    with pytest.raises(Refused, match="your own plans only"):
        await emma.call("update_daily_plan", id=other["id"], status="completed")
    task = (await gauzy.call("get_tasks", limit=1))["items"][0]["id"]
    with pytest.raises(Refused, match="your own plans only"):
        await emma.call("add_task_to_daily_plan", planId=other["id"], taskId=task)
