"""The activity log: what is written, how it is found, and that nobody can write it."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

TASK, NOBODYS = ident("task", "APO-1"), "00000000-0000-4000-8000-000000000000"
ALEX, MARCO = (ident("user", f"{demo.TENANT}/{who}@gauzy.local") for who in ("demo", "manager"))


async def rows(gauzy: Gauzy, tool: str, **arguments: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await gauzy.call(tool, **arguments))["items"]
    return found


async def test_creating_and_changing_a_task_is_told_with_what_changed(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_task", title="Zeppelin")
    await gauzy.call("update_task", id=made["id"], title="Airship", status="done")
    first, second = await rows(gauzy, "get_activity_timeline", entity="Task", entityId=made["id"])
    assert (first["action"], second["action"], second["userName"]) == ("Created", "Updated", "Alex Morgan")
    assert second["updatedFields"] == ["title", "status"]
    assert second["previousValues"] == [{"title": "Zeppelin"}, {"status": "open"}]
    assert [row["id"] for row in await rows(gauzy, "search_activity_logs", query="airship")] == [second["id"]]
    assert (await rows(gauzy, "get_recent_activity_logs", limit=1))[0]["id"] == second["id"]
    about = await rows(gauzy, "get_activity_logs_by_entity", entity="TASK", entityId=made["id"], action="Created")
    assert [row["id"] for row in about] == [first["id"]]


async def test_changing_a_project_is_told_too(gauzy: Gauzy) -> None:
    await gauzy.call("update_project", id=ident("project", "Apollo"), budget=7)
    (row,) = await rows(gauzy, "get_activity_logs", entity="OrganizationProject")
    assert (row["entityId"], row["updatedValues"]) == (ident("project", "Apollo"), [{"budget": 7}])


async def test_people_and_days_restrict_although_gauzy_ignores_them(gauzy: Gauzy) -> None:
    everything = await rows(gauzy, "get_activity_logs", limit=100)
    days = sorted({row["createdAt"][:10] for row in everything})
    found = await gauzy.call("get_activity_logs", startDate=days[3], endDate=days[5], limit=100)
    assert {row["createdAt"][:10] for row in found["items"]} == set(days[3:6])
    assert found["total"] == sum(days[3] <= row["createdAt"][:10] <= days[5] for row in everything)
    own = await gauzy.call("get_activity_logs_by_user", userId=MARCO, limit=100)
    assert {row["userName"] for row in own["items"]} == {"Marco Rossi"}
    assert (await gauzy.call("get_activity_log_count", userId=MARCO))["count"] == own["total"]
    assert {row["userName"] for row in await rows(gauzy, "get_my_activity_logs")} == {"Alex Morgan"}
    assert await rows(gauzy, "get_activity_logs", startDate="2100-01-01") == []


async def test_reading_ends_where_entries_become_too_old(gauzy: Gauzy) -> None:
    await gauzy.call("create_task", title="Zeppelin")
    assert (await gauzy.call("get_recent_activity_logs", hours=1))["total"] == 1


async def test_pages_follow_each_other(gauzy: Gauzy) -> None:
    pages = [await gauzy.call("get_activity_logs", limit=2, page=number) for number in (1, 2)]
    ids = [row["id"] for page in pages for row in page["items"]]
    assert len(set(ids)) == 4
    assert pages[0]["has_more"]
    assert ids == [row["id"] for row in await rows(gauzy, "get_activity_logs", limit=4)]


async def test_one_entry_is_found_by_its_id(gauzy: Gauzy) -> None:
    row = (await rows(gauzy, "get_activity_logs", limit=30))[-1]
    assert (await gauzy.call("get_activity_log", id=row["id"]))["description"] == row["description"]
    assert (await gauzy.call("get_activity_log", id=row["id"], entityId=row["entityId"]))["id"] == row["id"]
    with pytest.raises(Refused, match="give the entityId"):
        await gauzy.call("get_activity_log", id=NOBODYS)


async def test_statistics_add_up(gauzy: Gauzy) -> None:
    told = await gauzy.call("get_activity_log_statistics")
    assert told["complete"]
    assert {sum(counts.values()) for counts in told["by"].values()} == {told["count"]}
    updated = (await gauzy.call("get_activity_log_count", action="Updated"))["count"]
    assert told["by"]["action"]["Updated"] == updated
    assert list((await gauzy.call("get_activity_log_statistics", groupBy="hour"))["by"]) == ["hour"]


async def test_an_employee_sees_his_own_changes(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    made = await emma.call("create_task", title="Mine")
    assert {row["userName"] for row in await rows(emma, "get_activity_logs", limit=100)} == {"Emma Fischer"}
    assert (await rows(emma, "get_my_activity_logs", limit=1))[0]["entityId"] == made["id"]


@pytest.mark.parametrize(("tool", "arguments"), [
    ("create_activity_log", {"log_data": {"entity": "TASK", "entityId": TASK, "action": "CREATED"}}),
    ("delete_activity_logs", {"olderThanDays": 1, "confirm": True}),
])  # fmt: skip
async def test_nobody_can_write_it_and_the_answer_says_what_to_do(
    gauzy: Gauzy, tool: str, arguments: dict[str, Any]
) -> None:
    before = (await gauzy.call("get_activity_log_count"))["count"]
    with pytest.raises(Refused, match="create_comment"):
        await gauzy.call(tool, **arguments)
    assert (await gauzy.call("get_activity_log_count"))["count"] == before


@pytest.mark.parametrize(("tool", "arguments"), [
    ("get_activity_logs", {"entity": "Goal"}),
    ("get_activity_logs", {"action": "Deletd"}),
    ("get_activity_logs", {"sort": "description"}),
    ("get_activity_logs", {"startDate": "yesterday"}),
    ("get_activity_timeline", {"entity": "Task"}),
    ("search_activity_logs", {"query": ""}),
])  # fmt: skip
async def test_wrong_arguments_are_told(gauzy: Gauzy, tool: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        await gauzy.call(tool, **arguments)
