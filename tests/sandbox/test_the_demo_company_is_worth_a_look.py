from __future__ import annotations

import datetime
import itertools
from collections import Counter

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.application import Sandbox
from mcp_tools.sandbox.demo import ident
from tests.clocks import WEDNESDAY
from tests.sandbox.client import ORGANIZATION, TENANT, signed_in


async def test_it_has_people_work_and_clients(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox)
    counts = {
        path: len(await caller.listed(f"/{path}"))
        for path in ("employee", "organization-team", "organization-projects", "organization-contact", "daily-plan")
    }
    assert counts == {
        "employee": 14, "organization-team": 3, "organization-projects": 8, "organization-contact": 12,
        "daily-plan": 25,
    }  # fmt: skip


async def test_tasks_are_in_every_state_and_somebodys(sandbox: Sandbox) -> None:
    tasks = await (await signed_in(sandbox)).listed("/tasks", ("relations[]", "members"))
    assert {task["status"] for task in tasks} == set(demo.STATUSES)
    assert {task["priority"] for task in tasks} == set(demo.PRIORITIES)
    assert all(task["members"] for task in tasks)
    assert max(Counter(task["taskNumber"] for task in tasks).values()) == 1


async def test_both_organizations_are_the_administrators(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox)
    query = [("where[userId]", ident("user", f"{demo.TENANT}/demo@gauzy.local")), ("where[tenantId]", TENANT)]
    answer = await caller.ask("GET", "/user-organization", [*query, ("relations[]", "organization")])
    names = {row["organization"]["name"]: row["isDefault"] for row in answer.body["items"]}
    assert names == {demo.ORGANIZATION: True, demo.EMPTY_ORGANIZATION: False}


async def test_its_time_lies_in_the_last_eight_weeks(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox)
    logs = (await caller.get("/timesheet/time-log", ("organizationId", ORGANIZATION))).body
    begun = [datetime.datetime.fromisoformat(log["startedAt"]) for log in logs]
    assert len(logs) > 600
    assert WEDNESDAY - datetime.timedelta(days=57) < min(begun) <= max(begun) < WEDNESDAY
    assert {(WEDNESDAY - begin).days // 7 for begin in begun} >= set(range(8))
    assert all(log["duration"] > 0 and not log["isRunning"] for log in logs)


async def test_nobody_is_in_two_places_at_once(sandbox: Sandbox) -> None:
    logs = (await (await signed_in(sandbox)).get("/timesheet/time-log", ("organizationId", ORGANIZATION))).body
    spans = sorted((log["employeeId"], log["startedAt"], log["stoppedAt"]) for log in logs)
    assert all(first[0] != second[0] or first[2] <= second[1] for first, second in itertools.pairwise(spans))


async def test_its_ids_are_the_same_everywhere(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox)
    assert (await caller.get(f"/organization-projects/{ident('project', 'Apollo')}")).body["code"] == "APO"
    assert (await caller.get(f"/tasks/{ident('task', 'APO-1')}")).body["taskNumber"] == "APO-1"
