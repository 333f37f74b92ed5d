"""Logging time by hand: nothing overlaps, nothing lands on somebody else, and what Gauzy stored is what is told."""

from __future__ import annotations

import asyncio
import datetime
from typing import Any

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

PERSON = f"{demo.TENANT}/demo@gauzy.local"
ALEX, EMMA = ident("employee", PERSON), ident("employee", f"{demo.TENANT}/employee@gauzy.local")
APOLLO, DAY = ident("project", "Apollo"), "2031-03-03"
THAT_DAY = {"from": DAY, "to": DAY}


def hours(begin: str, end: str, day: str = DAY) -> dict[str, str]:
    return {"startedAt": f"{day}T{begin}:00Z", "stoppedAt": f"{day}T{end}:00Z"}


async def add(gauzy: Gauzy, begin: str, end: str, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = await gauzy.call("add_time_log", **hours(begin, end), **more)
    return made


async def ids(gauzy: Gauzy, **more: Any) -> list[str]:
    return [row["id"] for row in (await gauzy.call("list_time_logs", **{**THAT_DAY, **more}))["items"]]


async def test_time_is_logged_found_changed_and_deleted(gauzy: Gauzy) -> None:
    made = await add(gauzy, "09:00", "10:30", projectId=APOLLO, description="Map", isBillable=True)
    assert (made["duration"], made["projectName"], made["employeeId"]) == (5400, "Apollo", ALEX)
    assert await ids(gauzy) == [made["id"]]
    changed = await gauzy.call("update_time_log", id=made["id"], description="Maps", **hours("09:00", "11:00"))
    assert (changed["duration"], changed["description"], changed["projectId"]) == (7200, "Maps", APOLLO)
    assert (await gauzy.call("get_time_log", id=made["id"]))["description"] == "Maps"
    await gauzy.call("delete_time_log", id=made["id"])
    assert await ids(gauzy) == []
    with pytest.raises(Refused, match="404"):
        await gauzy.call("get_time_log", id=made["id"])


@pytest.mark.parametrize(
    ("begin", "end"), [("09:30", "10:00"), ("08:00", "09:01"), ("10:29", "12:00"), ("08:00", "12:00")]
)
async def test_time_that_overlaps_is_refused_with_the_log_it_overlaps(gauzy: Gauzy, begin: str, end: str) -> None:
    made = await add(gauzy, "09:00", "10:30", projectId=APOLLO)
    with pytest.raises(Refused, match=f"{made['id']}.*Apollo"):
        await add(gauzy, begin, end)
    assert await ids(gauzy) == [made["id"]]


async def test_time_may_follow_other_time_at_once_and_lie_beside_that_of_others(gauzy: Gauzy) -> None:
    first = await add(gauzy, "09:00", "10:00")
    second = await add(gauzy, "10:00", "11:00")
    other = await add(gauzy, "09:00", "11:00", employeeId=EMMA)
    assert set(await ids(gauzy)) == {first["id"], second["id"], other["id"]}
    assert await ids(gauzy, employeeId=EMMA) == [other["id"]]


async def test_a_log_is_not_moved_onto_another(gauzy: Gauzy) -> None:
    first, second = await add(gauzy, "09:00", "10:00"), await add(gauzy, "11:00", "12:00")
    with pytest.raises(Refused, match=first["id"]):
        await gauzy.call("update_time_log", id=second["id"], startedAt=f"{DAY}T09:59:00Z")
    assert (await gauzy.call("get_time_log", id=second["id"]))["startedAt"] == f"{DAY}T11:00:00.000Z"


async def test_of_two_calls_at_once_one_is_refused(gauzy: Gauzy) -> None:
    outcomes = await asyncio.gather(*(add(gauzy, "09:00", "10:00") for _ in range(5)), return_exceptions=True)
    assert [isinstance(one, Refused) for one in outcomes].count(False) == 1
    assert len(await ids(gauzy)) == 1


@pytest.mark.calendar
async def test_a_timer_that_runs_counts_as_time(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    running = await emma.call("start_timer")
    begun = datetime.datetime.fromisoformat(running["startedAt"])
    around = {"startedAt": begun.isoformat(), "stoppedAt": (begun + datetime.timedelta(minutes=1)).isoformat()}
    with pytest.raises(Refused, match=f"{running['id']}.*its timer runs"):
        await emma.call("add_time_log", **around)
    for name in ("update_time_log", "delete_time_log"):
        with pytest.raises(Refused, match="stop_timer"):
            await emma.call(name, id=running["id"], **({"description": "x"} if name == "update_time_log" else {}))


async def test_a_shorter_log_is_stored_although_gauzy_says_it_failed(gauzy: Gauzy) -> None:
    made = await add(gauzy, "09:00", "11:00")
    changed = await gauzy.call("update_time_log", id=made["id"], stoppedAt=f"{DAY}T10:00:00Z")
    assert changed["duration"] == 3600
    with pytest.raises(Refused):
        await gauzy.call("update_time_log", id=made["id"], projectId=ident("project", "nope"))


async def test_a_log_without_time_slots_is_told_to_be_undeletable(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    empty: dict[str, Any] = {"duration": 1}
    while empty["duration"]:  # On a slow machine a timer may have run for a second.
        await emma.call("start_timer")
        empty = await emma.call("stop_timer")
    with pytest.raises(Refused, match="no time slots"):
        await emma.call("delete_time_log", id=empty["id"])
    assert (await emma.call("get_time_log", id=empty["id"]))["id"] == empty["id"]


async def test_an_employee_logs_for_himself_alone(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    with pytest.raises(Refused, match="yourself only"):
        await add(emma, "09:00", "10:00", employeeId=ALEX)
    made = await add(emma, "09:00", "10:00")
    assert made["employeeId"] == EMMA
    assert await ids(gauzy) == [made["id"]]


async def test_the_time_of_others_does_not_become_ones_own(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    sofia = ident("employee", f"{demo.TENANT}/sofia.castro@gauzy.local")
    await add(emma, "09:00", "10:00")
    for name in ("list_time_logs", "get_time_totals", "list_time_slots"):
        with pytest.raises(Refused, match="may not see"):
            await emma.call(name, employeeId=sofia, **THAT_DAY)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        hours("10:00", "09:00"),
        hours("10:00", "10:00"),
        {**hours("09:00", "10:00"), "projectId": ident("project", "nope")},
        {**hours("09:00", "10:00"), "taskId": "x"},
        {**hours("09:00", "10:00"), "startedAt": "soon"},
        {**hours("09:00", "10:00"), "hours": 1},
    ],
)
async def test_what_makes_no_log_is_refused(gauzy: Gauzy, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        await gauzy.call("add_time_log", **wrong)
    assert await ids(gauzy) == []
