"""Key results and their history through the tools."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

GOAL, OTHER_GOAL = ident("Goal", "Win three new clients"), ident("Goal", "Release every two weeks")
OFFERS, COURSE = ident("KeyResult", "Offers sent"), ident("KeyResult", "Course finished")
EMMA = ident("employee", f"{demo.TENANT}/employee@gauzy.local")
NOBODYS = "00000000-0000-4000-8000-000000000000"


def names(answer: Any) -> set[str]:
    return {row["name"] for row in answer["items"]}


@pytest.mark.parametrize(("filters", "found"), [
    ({"goalId": GOAL}, {"Offers sent", "Contracts signed"}),
    ({"ownerId": EMMA}, {"Course finished"}),
    ({"status": "off track"}, {"Failed releases at most"}),
    ({"status": "on track", "goalId": OTHER_GOAL}, {"Releases this quarter"}),
    ({"search": "RELEASES"}, {"Releases this quarter", "Failed releases at most"}),
    ({"search": "three new"}, {"Offers sent", "Contracts signed"}),
    ({"type": "KPI"}, set()),
    ({"goalId": NOBODYS}, set()),
])  # fmt: skip
async def test_filters_have_an_effect(gauzy: Gauzy, filters: dict[str, Any], found: set[str]) -> None:
    assert names(await gauzy.call("get_key_results", **filters)) == found
    assert (await gauzy.call("get_key_result_count", **filters))["count"] == len(found)


async def test_pages_are_cut_here(gauzy: Gauzy) -> None:
    pages = [await gauzy.call("get_key_results", limit=5, page=page) for page in (1, 2)]
    assert [(len(page["items"]), page["total"], page["has_more"]) for page in pages] == [(5, 8, True), (3, 8, False)]
    assert len(names(pages[0]) | names(pages[1])) == 8


async def test_names_stand_beside_ids(gauzy: Gauzy) -> None:
    row = (await gauzy.call("get_key_results_by_goal", goalId=GOAL, status="on track"))["items"][0]
    assert (row["goalName"], row["ownerName"]) == ("Win three new clients", "Sofia Castro")


async def test_mine_are_those_that_i_own(gauzy: Gauzy) -> None:
    assert names(await gauzy.call("get_my_key_results")) == {"Contracts signed", "Talks given"}
    employee = await gauzy.sign_in("employee@gauzy.local")
    assert names(await employee.call("get_my_key_results")) == {"Course finished"}


async def test_a_key_result_is_added_changed_and_deleted(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_key_result", name="Letters written", goalId=GOAL, targetValue=20, unit="letters")
    changed = await gauzy.call(
        "update_key_result", id=made["id"], targetValue=30, ownerId=EMMA, hardDeadline="2031-03-31"
    )
    assert (changed["targetValue"], changed["unit"], changed["progress"]) == (30, "letters", 0)
    assert changed["deadline"] == "Hard Deadline"
    assert "Letters written" in names(await gauzy.call("get_key_results", ownerId=EMMA))
    moved = await gauzy.call("update_key_result_progress", id=made["id"], progress=30, update=9)
    assert (moved["progress"], moved["update"], moved["targetValue"]) == (30, 9, 30)
    await gauzy.call("delete_key_result", id=made["id"])
    with pytest.raises(Refused, match="no key result"):
        await gauzy.call("get_key_result", id=made["id"])


async def test_a_key_result_is_mine_unless_somebody_is_named(gauzy: Gauzy) -> None:
    employee = await gauzy.sign_in("employee@gauzy.local")
    made = await employee.call("create_key_result", name="Talk held", goalId=GOAL)
    assert made["ownerId"] == EMMA
    viewer = await gauzy.sign_in("viewer@gauzy.local")
    with pytest.raises(Refused, match="give ownerId"):
        await viewer.call("create_key_result", name="Talk held", goalId=GOAL)


async def test_a_reported_value_is_kept_and_moves_the_key_result(gauzy: Gauzy) -> None:
    before = (await gauzy.call("get_key_result_updates", keyResultId=OFFERS))["total"]
    await gauzy.call("create_key_result_update", keyResultId=OFFERS, update=7, progress=58)
    told = {"update": 8, "progress": 66, "status": "needs attention"}
    await gauzy.call("create_key_result_update", keyResultId=OFFERS, update_data=told)
    history = await gauzy.call("get_key_result_updates", keyResultId=OFFERS, limit=2)
    assert (history["total"], [row["update"] for row in history["items"]]) == (before + 2, [8, 7])
    shown = await gauzy.call("get_key_result", id=OFFERS)
    assert (shown["update"], shown["progress"], shown["status"]) == (8, 66, "needs attention")
    assert shown["goalName"] == "Win three new clients"
    assert len(shown["updates"]) == before + 2


async def test_statistics_are_counted_here(gauzy: Gauzy) -> None:
    told = await gauzy.call("get_key_result_statistics")
    assert (told["count"], told["complete"]) == (8, True)
    assert told["by"]["status"] == {"on track": 4, "none": 2, "needs attention": 1, "off track": 1}
    assert told["by"]["goalName"]["Release every two weeks"] == 2
    assert (await gauzy.call("get_key_result_statistics", goalId=GOAL))["averages"] == {"progress": 37.5}


@pytest.mark.parametrize(("name", "arguments"), [
    ("create_key_result", {"name": "x"}),
    ("create_key_result", {"name": "x", "goalId": NOBODYS}),
    ("create_key_result", {"name": "x", "goalId": GOAL, "ownerId": NOBODYS}),
    ("update_key_result", {"id": NOBODYS, "name": "x"}),
    ("update_key_result", {"id": OFFERS}),
    ("update_key_result", {"id": OFFERS, "ownerId": NOBODYS}),
    ("update_key_result_progress", {"id": OFFERS, "progress": 101}),
    ("update_key_result_progress", {"id": OFFERS, "progress": 1, "status": "zzz"}),
    ("create_key_result_update", {"keyResultId": NOBODYS, "update": 1, "progress": 1}),
    ("create_key_result_update", {"keyResultId": OFFERS, "update": 1}),
    ("delete_key_result", {"id": NOBODYS}),
])  # fmt: skip
async def test_what_gauzy_cannot_take_changes_nothing(gauzy: Gauzy, name: str, arguments: dict[str, Any]) -> None:
    before = await gauzy.call("get_key_results", limit=100)
    with pytest.raises(Refused):
        await gauzy.call(name, **arguments)
    assert await gauzy.call("get_key_results", limit=100) == before
    assert (await gauzy.call("get_key_result_updates", keyResultId=OFFERS))["total"] == 1
