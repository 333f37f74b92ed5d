"""Lists of projects, tasks, plans and colleagues: what is mine is mine alone, and every filter filters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.clocks import WEDNESDAY
from tests.domains.gauzy import Gauzy, Refused

NOBODYS: Final = "00000000-0000-4000-8000-000000000000"
APOLLO: Final = ident("project", "Apollo")
FINISHED: Final = ("done", "completed", "cancelled", "closed")
Row = dict[str, Any]


def employee(who: str) -> str:
    """By the part of the e-mail address before the @, as the tables of the demo company have it."""
    return ident("employee", f"{demo.TENANT}/{who}@gauzy.local")


def projects_of(who: str) -> set[str]:
    return {project.name for project in demo.PROJECTS if who in project.members}


async def every_task(gauzy: Gauzy) -> list[Row]:
    """All tasks as Gauzy keeps them, members and teams by their ids."""
    owner = [("where[organizationId]", ident("organization", demo.ORGANIZATION))]
    query = [*owner, ("relations[]", "members"), ("relations[]", "teams")]
    rows = (await gauzy.request("GET", "/tasks", query=query))["items"]
    return [{**row, **{key: {one["id"] for one in row[key]} for key in ("members", "teams")}} for row in rows]


def is_late(row: Row) -> bool:
    return row["status"] not in FINISHED and row["dueDate"][:19] < WEDNESDAY.isoformat()[:19]


# --- projects ------------------------------------------------------------------


@pytest.mark.parametrize("who", ["demo", "employee", "manager", "nadia.petrova"])
async def test_my_projects_are_those_i_am_a_member_of(gauzy: Gauzy, who: str) -> None:
    person = await gauzy.sign_in(f"{who}@gauzy.local")
    mine = await person.call("get_my_projects", limit=100)
    assert {row["name"] for row in mine["items"]} == projects_of(who)
    assert mine["total"] == len(projects_of(who))
    his = await gauzy.call("get_projects_by_employee", employeeId=employee(who), limit=100)
    assert {row["name"] for row in his["items"]} == projects_of(who)


PROJECT_FILTERS: Final[list[tuple[Row, Callable[[demo.Project], bool]]]] = [
    ({}, lambda one: True),
    ({"name": "a"}, lambda one: "a" in one.name.lower()),
    ({"name": "PORT"}, lambda one: "port" in one.name.lower()),
    ({"code": "APO"}, lambda one: one.code == "APO"),
    ({"status": "open"}, lambda one: one.status == "open"),
    ({"billable": True}, lambda one: one.client is not None),
    ({"billable": False}, lambda one: one.client is None),
    ({"owner": "INTERNAL"}, lambda one: one.client is None),
    ({"contactId": ident("contact", "Meadow & Finch")}, lambda one: one.client == "Meadow & Finch"),
    ({"currency": "EUR"}, lambda one: False),
    ({"isArchived": True}, lambda one: False),
    ({"isActive": True, "public": True}, lambda one: True),
    ({"status": "open", "billable": False}, lambda one: one.status == "open" and one.client is None),
]


@pytest.mark.parametrize(("filters", "fits"), PROJECT_FILTERS)
async def test_filters_of_projects_filter_counts_and_lists(
    gauzy: Gauzy, filters: Row, fits: Callable[[demo.Project], bool]
) -> None:
    expected = {project.name for project in demo.PROJECTS if fits(project)}
    assert (await gauzy.call("get_project_count", **filters))["count"] == len(expected)
    mine = await gauzy.call("get_my_projects", limit=100, **filters)
    assert {row["name"] for row in mine["items"]} == expected & projects_of("demo")
    hers = await gauzy.call("get_projects_by_employee", employeeId=employee("employee"), limit=100, **filters)
    assert {row["name"] for row in hers["items"]} == expected & projects_of("employee")


async def test_projects_are_counted_by_member(gauzy: Gauzy) -> None:
    count = await gauzy.call("get_project_count", employeeId=employee("employee"))
    assert count == {"count": len(projects_of("employee"))}
    assert (await gauzy.call("get_project_count", employeeId=NOBODYS))["count"] == 0
    assert (await gauzy.call("get_projects_by_employee", employeeId=NOBODYS))["total"] == 0
    with pytest.raises(Refused, match="employeeId"):
        await gauzy.call("get_projects_by_employee")


# --- tasks ---------------------------------------------------------------------

TASK_FILTERS: Final[list[tuple[Row, Callable[[Row], bool]]]] = [
    ({}, lambda row: True),
    ({"status": "open"}, lambda row: row["status"] == "open"),
    ({"priority": "high"}, lambda row: row["priority"] == "high"),
    ({"projectId": APOLLO}, lambda row: row["projectId"] == APOLLO),
    ({"projectId": NOBODYS}, lambda row: False),
    ({"isDraft": False}, lambda row: True),
    ({"isDraft": True}, lambda row: False),
    ({"overdue": True}, is_late),
    ({"overdue": False}, lambda row: not is_late(row)),
    (
        {"projectId": APOLLO, "priority": "medium"},
        lambda row: (row["projectId"], row["priority"]) == (APOLLO, "medium"),
    ),
]

each_task_filter = pytest.mark.parametrize(("filters", "fits"), TASK_FILTERS)


@each_task_filter
async def test_my_tasks_are_those_assigned_to_me(gauzy: Gauzy, filters: Row, fits: Callable[[Row], bool]) -> None:
    rows = await every_task(gauzy)
    for who in ("demo", "employee"):
        person = await gauzy.sign_in(f"{who}@gauzy.local")
        mine = await person.call("get_my_tasks", limit=100, **filters)
        expected = {row["id"] for row in rows if employee(who) in row["members"] and fits(row)}
        assert {row["id"] for row in mine["items"]} == expected
        assert mine["total"] == len(expected)


@each_task_filter
async def test_tasks_of_a_team_are_those_of_that_team(gauzy: Gauzy, filters: Row, fits: Callable[[Row], bool]) -> None:
    rows = await every_task(gauzy)
    for team in demo.TEAMS:
        listed = await gauzy.call("get_team_tasks", teamId=ident("team", team), limit=100, **filters)
        expected = {row["id"] for row in rows if ident("team", team) in row["teams"] and fits(row)}
        assert {row["id"] for row in listed["items"]} == expected
        assert listed["total"] == len(expected)


@each_task_filter
async def test_pages_of_tasks_follow_each_other_without_gap_or_repetition(
    gauzy: Gauzy, filters: Row, fits: Callable[[Row], bool]
) -> None:
    expected = {row["id"] for row in await every_task(gauzy) if fits(row)}
    found: list[str] = []
    for page in range(1, len(expected) // 25 + 2):
        answer = await gauzy.call("get_tasks_pagination", page=page, limit=25, sort="createdAt", **filters)
        assert (answer["total"], answer["has_more"]) == (len(expected), page * 25 < len(expected))
        found += [row["id"] for row in answer["items"]]
    assert (len(found), set(found)) == (len(expected), expected)


async def test_tasks_are_found_by_words_kinds_and_people_together(gauzy: Gauzy) -> None:
    rows = await every_task(gauzy)
    emma, design = employee("employee"), ident("team", "Design")
    words = await gauzy.call("get_my_tasks", search="THE", limit=100)
    assert {row["title"] for row in words["items"]} == {
        row["title"] for row in rows if employee("demo") in row["members"] and "the" in row["title"].lower()
    }
    bugs = await gauzy.call("get_my_tasks", issueType="bug", limit=100)
    assert {row["issueType"] for row in bugs["items"]} == {"bug"}
    both = await gauzy.call("get_team_tasks", teamId=design, employeeId=employee("yuki.tanaka"), limit=100)
    assert {row["id"] for row in both["items"]} == {
        row["id"] for row in rows if design in row["teams"] and employee("yuki.tanaka") in row["members"]
    }
    paged = await gauzy.call("get_tasks_pagination", employeeId=emma, teamId=design, limit=100)
    assert {row["id"] for row in paged["items"]} == {
        row["id"] for row in rows if design in row["teams"] and emma in row["members"]
    }
    for missing in ({}, {"teamId": "x"}):
        with pytest.raises(Refused, match="teamId"):
            await gauzy.call("get_team_tasks", **missing)
    assert (await gauzy.call("get_team_tasks", teamId=NOBODYS))["total"] == 0


async def test_a_task_that_becomes_mine_is_listed_at_once(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    made = await gauzy.call("create_task", title="Zebra crossing", memberIds=[employee("employee")])
    assert [row["id"] for row in (await emma.call("get_my_tasks", search="zebra"))["items"]] == [made["id"]]
    assert (await gauzy.call("get_my_tasks", search="zebra"))["total"] == 0


# --- plans ---------------------------------------------------------------------


async def test_my_plans_are_mine_whatever_my_role(gauzy: Gauzy) -> None:
    for who in ("demo", "employee", "manager"):
        person = await gauzy.sign_in(f"{who}@gauzy.local")
        mine = (await person.call("get_my_daily_plans", limit=100))["items"]
        assert [row["employeeId"] for row in mine] == [employee(who)] * (5 if who in demo.PLANNERS else 0)
        days = [row["date"] for row in mine]
        assert days == sorted(days, reverse=True), "the latest first"


async def test_filters_of_plans_filter(gauzy: Gauzy) -> None:
    everything = (await gauzy.call("get_daily_plans", limit=100))["items"]
    assert len(everything) == 5 * len(demo.PLANNERS)
    monday, friday = everything[-1]["date"][:10], everything[0]["date"][:10]
    cases: list[tuple[Row, Callable[[Row], bool]]] = [
        ({"employeeId": employee("employee")}, lambda row: row["employeeId"] == employee("employee")),
        ({"teamId": ident("team", "Design")}, lambda row: row["organizationTeamId"] == ident("team", "Design")),
        *(({"status": status}, lambda row, status=status: row["status"] == status) for status in ("open", "completed")),
        ({"dateFrom": friday}, lambda row: row["date"][:10] == friday),
        ({"dateTo": monday}, lambda row: row["date"][:10] == monday),
        ({"dateFrom": monday, "dateTo": friday}, lambda row: True),
        ({"dateFrom": "2031-01-01"}, lambda row: False),
        ({"employeeId": employee("employee"), "dateTo": monday},
         lambda row: (row["employeeId"], row["date"][:10]) == (employee("employee"), monday)),
    ]  # fmt: skip
    for filters, fits in cases:
        listed = await gauzy.call("get_daily_plans", limit=100, **filters)
        assert {row["id"] for row in listed["items"]} == {row["id"] for row in everything if fits(row)}, filters
        if not {"employeeId", "teamId"} & filters.keys():
            mine = await gauzy.call("get_my_daily_plans", limit=100, **filters)
            assert {row["id"] for row in mine["items"]} == {
                row["id"] for row in everything if fits(row) and row["employeeId"] == employee("demo")
            }, filters


async def test_pages_of_plans_hold_each_plan_once(gauzy: Gauzy) -> None:
    pages = [await gauzy.call("get_daily_plans", limit=10, page=page) for page in (1, 2, 3)]
    ids = [row["id"] for page in pages for row in page["items"]]
    assert (len(ids), len(set(ids))) == (25, 25)
    assert [page["has_more"] for page in pages] == [True, True, False]


@pytest.mark.parametrize("name", ["get_my_projects", "get_my_tasks", "get_my_daily_plans", "get_current_employee"])
async def test_whoever_is_no_employee_has_nothing_of_his_own(gauzy: Gauzy, name: str) -> None:
    """Without the refusal Gauzy would be asked without a person, and tell what belongs to everybody."""
    viewer = await gauzy.sign_in("viewer@gauzy.local")
    with pytest.raises(Refused, match="no employee record"):
        await viewer.call(name)


@pytest.mark.parametrize("name", ["get_my_projects", "get_my_tasks", "get_my_daily_plans"])
async def test_mine_are_not_asked_for_somebody_else(gauzy: Gauzy, name: str) -> None:
    with pytest.raises(Refused, match="employeeId"):
        await gauzy.call(name, employeeId=employee("employee"))
