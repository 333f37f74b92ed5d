"""Goals through the tools."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

CLIENTS, ANSWERS = ident("Goal", "Win three new clients"), ident("Goal", "Customers answer faster than before")
TALKS = ident("Goal", "Give two talks")
RESULT = ident("KeyResult", "Answers within four hours")
EMMA = ident("employee", f"{demo.TENANT}/employee@gauzy.local")
DESIGN = ident("team", "Design")
NOBODYS = "00000000-0000-4000-8000-000000000000"


def names(answer: Any) -> list[str]:
    return [row["name"] for row in answer["items"]]


async def test_a_goal_is_created_found_changed_and_deleted(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_goal", name="Fewer meetings", deadline="Q2", level="Team", ownerTeamId=DESIGN)
    found = await gauzy.call("get_goals", search="MEETINGS")
    assert [(row["id"], row["teamName"], row["progress"]) for row in found["items"]] == [(made["id"], "Design", 0)]
    await gauzy.call("update_goal", id=made["id"], name="Half the meetings", leadId=EMMA)
    shown = await gauzy.call("get_goal", id=made["id"])
    assert (shown["name"], shown["leadName"], shown["deadline"]) == ("Half the meetings", "Emma Fischer", "Q2")
    assert shown["keyResults"] == []
    assert (await gauzy.call("update_goal_progress", id=made["id"], progress=60))["progress"] == 60
    cleared = await gauzy.call("update_goal", id=made["id"], clear=["leadId"])
    assert ("leadId" in cleared, cleared["progress"]) == (False, 60)
    await gauzy.call("delete_goal", id=made["id"])
    with pytest.raises(Refused, match="no goal"):
        await gauzy.call("get_goal", id=made["id"])


@pytest.mark.parametrize(("filters", "count"), [
    ({}, 6),
    ({"level": "Team"}, 3),
    ({"ownerEmployeeId": EMMA}, 1),
    ({"ownerTeamId": DESIGN}, 1),
    ({"search": "pages"}, 1),
    ({"level": "Team", "search": "release"}, 1),
    ({"deadline": "Q9"}, 0),
])  # fmt: skip
async def test_lists_and_counts_are_filtered_alike(gauzy: Gauzy, filters: dict[str, Any], count: int) -> None:
    assert (await gauzy.call("get_goals", **filters))["total"] == count
    assert (await gauzy.call("get_goal_count", **filters))["count"] == count


async def test_goals_of_mine_and_of_a_team_are_told_apart(gauzy: Gauzy) -> None:
    assert names(await gauzy.call("get_my_goals")) == ["Give two talks"]
    assert names(await gauzy.call("get_team_goals", teamId=DESIGN)) == ["A design that everybody can use"]
    employee = await gauzy.sign_in("employee@gauzy.local")
    assert names(await employee.call("get_my_goals")) == ["Learn to write accessible pages"]


async def test_a_goal_shows_its_key_results(gauzy: Gauzy) -> None:
    shown = await gauzy.call("get_goal", id=CLIENTS)
    assert {one["name"] for one in shown["keyResults"]} == {"Offers sent", "Contracts signed"}


async def test_a_goal_is_aligned_to_a_key_result_of_another(gauzy: Gauzy) -> None:
    aligned = await gauzy.call("align_goals", childGoalId=TALKS, parentGoalId=ANSWERS)
    assert aligned["alignedKeyResultId"] == RESULT
    offers = ident("KeyResult", "Offers sent")
    with pytest.raises(Refused, match=f"Offers sent .{offers}"):
        await gauzy.call("align_goals", childGoalId=TALKS, parentGoalId=CLIENTS)
    assert (await gauzy.call("align_goals", childGoalId=TALKS, parentKeyResultId=offers))[
        "alignedKeyResultId"
    ] == offers
    for arguments in ({}, {"parentKeyResultId": NOBODYS}, {"parentKeyResultId": ident("KeyResult", "Talks given")}):
        with pytest.raises(Refused):
            await gauzy.call("align_goals", childGoalId=TALKS, **arguments)
    assert (await gauzy.call("get_goal", id=TALKS))["alignedKeyResultId"] == offers
    freed = await gauzy.call("update_goal", id=TALKS, clear=["alignedKeyResultId"])
    assert "alignedKeyResultId" not in freed


@pytest.mark.parametrize(("name", "record"), [("delete_goal", ANSWERS), ("delete_key_result", RESULT)])
async def test_what_others_are_aligned_to_goes_only_when_told(gauzy: Gauzy, name: str, record: str) -> None:
    await gauzy.call("align_goals", childGoalId=TALKS, parentGoalId=ANSWERS)
    with pytest.raises(Refused, match="Give two talks"):
        await gauzy.call(name, id=record)
    assert (await gauzy.call("get_goal", id=TALKS))["alignedKeyResultId"] == RESULT
    assert (await gauzy.call("get_key_result", id=RESULT))["progress"] == 60
    await gauzy.call(name, id=record, unalign=True)
    assert "alignedKeyResultId" not in await gauzy.call("get_goal", id=TALKS)
    with pytest.raises(Refused, match="no key result"):
        await gauzy.call("get_key_result", id=RESULT)


async def test_a_change_of_nobodys_goal_makes_none(gauzy: Gauzy) -> None:
    values = {"name": "x", "description": "x", "deadline": "Q1", "level": "Team", "progress": 1}
    with pytest.raises(Refused, match="not found"):
        await gauzy.call("update_goal", id=NOBODYS, **values)
    assert (await gauzy.call("get_goal_count"))["count"] == 6


async def test_a_change_that_gauzy_swallows_is_told(gauzy: Gauzy) -> None:
    with pytest.raises(Refused, match="did not take leadId"):
        await gauzy.call("update_goal", id=TALKS, leadId=NOBODYS)
    assert (await gauzy.call("get_goal", id=TALKS))["leadName"] == "Alex Morgan"


async def test_statistics_and_templates(gauzy: Gauzy) -> None:
    told = await gauzy.call("get_goal_statistics")
    assert (told["count"], told["by"]["level"]) == (6, {"Team": 3, "Employee": 2, "Organization": 1})
    assert told["averages"] == {"progress": 34.17}
    found = await gauzy.call("get_goal_templates", level="Team", search="users")
    assert [(row["name"], row["keyResults"][0]["name"]) for row in found["items"]] == [
        ("Know our users", "Interviews held")
    ]


@pytest.mark.parametrize(("name", "arguments"), [
    ("create_goal", {"name": "x", "deadline": "Q1", "level": "TEAM"}),
    ("create_goal", {"name": "x", "deadline": "Q1"}),
    ("create_goal", {"name": "x", "deadline": "Q1", "level": "Team", "ownerTeamId": NOBODYS}),
    ("update_goal_progress", {"id": TALKS, "progress": 140}),
    ("update_goal", {"id": TALKS}),
    ("delete_goal", {"id": NOBODYS}),
    ("get_goals", {"status": "open"}),
    ("get_team_goals", {}),
])  # fmt: skip
async def test_what_gauzy_cannot_take_changes_nothing(gauzy: Gauzy, name: str, arguments: dict[str, Any]) -> None:
    before = await gauzy.call("get_goals", limit=100)
    with pytest.raises(Refused):
        await gauzy.call(name, **arguments)
    assert await gauzy.call("get_goals", limit=100) == before
