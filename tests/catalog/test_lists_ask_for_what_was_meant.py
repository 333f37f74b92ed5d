"""Lists, counts and the odd tools beside them: filters, pages, fields, and answers that are none."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from mcp_tools.catalog.tool import ToolError
from mcp_tools.gauzy.errors import NotFound
from mcp_tools.gauzy.identity import Identity
from tests.catalog.recorder import ADA, EMPLOYEE, ID, ORGANIZATION, OTHER, OWNED, TENANT, Asked, Recorder, call

LISTS = ["get_tasks", "get_projects", "get_employees", "get_organization_contacts", "get_daily_plans"]


async def test_a_list_asks_for_one_page_of_the_callers_organization() -> None:
    context = Recorder()
    await call(context, "get_tasks", page=3, limit=20, sort="-dueDate", relations=["project", "tags"])
    (asked,) = context.asked
    assert (asked.method, asked.path) == ("GET", "/tasks/pagination")
    assert asked.query == [
        ("where[organizationId]", ORGANIZATION),
        ("where[tenantId]", TENANT),
        ("take", "20"),
        ("skip", "3"),
        *(("relations[]", relation) for relation in ("project", "members", "members.user", "tags")),
        ("order[dueDate]", "DESC"),
    ]


async def test_the_order_of_earlier_clients_is_taken_and_a_wrong_one_names_the_possible() -> None:
    context = Recorder()
    await call(context, "get_tasks", sortBy="dueDate", sortOrder="DESC")
    assert ("order[dueDate]", "DESC") in context.asked[0].query
    with pytest.raises(ToolError, match="sort: colour is not possible; possible are createdAt, "):
        await call(context, "get_tasks", sort="-colour")


async def test_names_stand_beside_ids_in_place_of_whole_relations() -> None:
    row = {"id": ID, "project": {"id": OTHER, "name": "Apollo"}, "members": [{"fullName": "Ada"}, {"fullName": "Bo"}]}
    context = Recorder().on("GET", ".*/pagination", {"items": [row], "total": 1})
    assert (await call(context, "get_tasks"))["items"] == [
        {"id": ID, "projectName": "Apollo", "memberNames": ["Ada", "Bo"]}
    ]
    asked_for = await call(context, "get_tasks", relations=["project"])
    assert asked_for["items"][0]["project"] == {"id": OTHER, "name": "Apollo"}


@pytest.mark.parametrize(
    ("name", "arguments", "where"),
    [
        ("get_tasks", {"search": "x", "sprintId": ID}, {"title": "x", "organizationSprintId": ID}),
        ("get_tasks", {"employeeId": ID, "isDraft": False}, {"members.id": ID, "isDraft": "false"}),
        ("get_team_tasks", {"teamId": ID}, {"teams.0": ID}),
        ("get_my_tasks", {"status": "open"}, {"members.id": EMPLOYEE, "status": "open"}),
        (
            "get_projects",
            {"employeeId": ID, "contactId": OTHER},
            {"members.employeeId": ID, "organizationContactId": OTHER},
        ),
        ("get_my_projects", {}, {"members.employeeId": EMPLOYEE}),
        (
            "get_employees",
            {"search": "a b", "tagIds": [ID, OTHER]},
            {"user.name": "a b", "tags.0": ID, "tags.1": OTHER},
        ),
        ("get_employees", {"isActive": True}, {"isActive": "true"}),
        ("get_organization_contacts", {"email": "@x", "employeeId": ID}, {"primaryEmail": "@x", "members.0": ID}),
        ("get_organization_contacts", {"tagId": ID}, {"tags.id": ID}),
        ("get_daily_plans", {"teamId": ID, "status": "open"}, {"organizationTeamId": ID, "status": "open"}),
        ("get_my_daily_plans", {}, {"employeeId": EMPLOYEE}),
    ],
)
async def test_filters_go_where_gauzy_looks_for_them(
    name: str, arguments: dict[str, Any], where: dict[str, str]
) -> None:
    context = Recorder()
    await call(context, name, **arguments)
    assert context.asked[0].where == where


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("get_task_count", {"status": "open"}), ("get_project_count", {"billable": True}), ("get_employee_count", {})],
)
async def test_a_count_is_the_total_of_a_page_of_one(name: str, arguments: dict[str, Any]) -> None:
    context = Recorder().on("GET", ".*/pagination", {"items": [{}], "total": 30})
    assert await call(context, name, **arguments) == {"count": 30}
    assert ("take", "1") in context.asked[0].query
    assert set(context.asked[0].where) == set(arguments)


async def test_a_page_says_whether_there_is_more() -> None:
    context = Recorder().on("GET", ".*/pagination", {"items": [{"id": ID, "title": "a", "dueDate": None}], "total": 21})
    first = await call(context, "get_tasks")
    assert first == {"items": [{"id": ID, "title": "a"}], "total": 21, "page": 1, "has_more": True}
    assert (await call(context, "get_tasks", page=3))["has_more"] is False


async def test_fields_select_and_what_is_not_there_is_left_out() -> None:
    row = {"id": ID, "title": "a", "dueDate": None, "status": "open"}
    context = Recorder().on("GET", ".*/pagination", {"items": [row], "total": 1}).on("GET", f"/tasks/{ID}", row)
    wanted = ["title", "dueDate", "nope", "createdAt"]
    assert (await call(context, "get_tasks", fields=wanted))["items"] == [{"title": "a", "dueDate": None}]
    assert await call(context, "get_task", id=ID, fields=wanted) == {"title": "a", "dueDate": None}


@pytest.mark.parametrize("name", [*LISTS, "get_task_count", "get_organization_members"])
@pytest.mark.parametrize("answer", [None, "", 0, {"items": None}, {"total": 3}])
async def test_an_answer_that_is_no_list_is_an_error_in_words(name: str, answer: object) -> None:
    with pytest.raises(ToolError, match="without the list that was asked for"):
        await call(Recorder().on("GET", ".*", answer), name)


@pytest.mark.parametrize("name", ["get_my_tasks", "get_my_projects", "get_my_daily_plans", "get_current_employee"])
async def test_somebody_who_is_no_employee_has_nothing_of_his_own(name: str) -> None:
    context = Recorder(who=Identity("u", "root@example.com", "", TENANT, ORGANIZATION))
    with pytest.raises(ToolError, match=r"root@example\.com has no employee record"):
        await call(context, name)
    assert context.asked == []


async def test_relations_of_a_contact_go_into_data() -> None:
    context = Recorder().on("GET", f"/organization-contact/{ID}", {"id": ID})
    await call(context, "get_organization_contact", id=ID, relations=["contact", "members"])
    assert context.asked[0].query == [("data", '{"relations":["contact","members"]}')]


async def test_members_can_be_searched_and_narrowed() -> None:
    rows = [{"id": "1", "fullName": "Ada Lovelace"}, {"id": "2", "fullName": "Bo Diddley"}]
    context = Recorder().on("GET", "/employee/members", {"items": rows, "total": 2})
    answer = await call(context, "get_organization_members", search="LOVE", teamId=ID, projectId=OTHER)
    assert answer == {"items": [rows[0]], "total": 1}
    expected = {**OWNED, "organizationTeamId": ID, "organizationProjectId": OTHER}
    assert dict(context.asked[0].query) == expected


def plans(asked: Asked) -> dict[str, Any]:
    """250 plans, one a day, the newest first, as Gauzy pages them."""
    query = dict(asked.query)
    take, skip = int(query["take"]), int(query["skip"])
    days = (date(2026, 12, 28) - timedelta(days=number) for number in range(250))
    rows = [{"id": day.isoformat(), "date": f"{day}T00:00:00.000Z"} for day in days]
    return {"items": rows[(skip - 1) * take : skip * take], "total": len(rows)}


async def test_plans_of_a_range_are_found_however_old() -> None:
    context = Recorder().on("GET", "/daily-plan/pagination", plans)
    oldest = plans(Asked("GET", "", [("take", "250"), ("skip", "1")], None))["items"][-1]["date"][:10]
    answer = await call(context, "get_daily_plans", dateFrom=oldest, dateTo=oldest)
    assert [row["date"][:10] for row in answer["items"]] == [oldest]
    assert (answer["total"], answer["has_more"], len(context.asked)) == (1, False, 3)


async def test_a_range_has_pages_of_its_own() -> None:
    context = Recorder().on("GET", "/daily-plan/pagination", plans)
    pages = [await call(context, "get_daily_plans", dateFrom="2026-12-01", limit=10, page=n) for n in (1, 2, 3, 4)]
    found = [row["date"] for page in pages for row in page["items"]]
    assert len(found) == pages[0]["total"] == 28
    assert found == sorted(found, reverse=True)
    assert [page["has_more"] for page in pages] == [True, True, False, False]


async def test_more_than_anybody_can_mean_is_refused_with_the_way_out() -> None:
    row = {"id": ID, "date": "2026-12-31T00:00:00.000Z"}
    context = Recorder().on("GET", "/daily-plan/pagination", {"items": [row] * 100, "total": 10**6})
    with pytest.raises(ToolError, match="more than 2000 of them; give more filters"):
        await call(context, "get_daily_plans", dateFrom="2020-01-01")


async def test_creating_a_plan_reads_back_what_gauzy_does_not_answer() -> None:
    made = {"id": ID, "date": "2026-12-31T00:00:00.000Z"}
    context = (
        Recorder()
        .on("GET", f"/employee/{EMPLOYEE}", {"teams": [{"id": "membership", "organizationTeamId": OTHER}]})
        .on("POST", "/daily-plan", {"date": made["date"]})
        .on(
            "GET",
            f"/daily-plan/employee/{EMPLOYEE}",
            {"items": [{"id": "old", "date": "2026-01-01T00:00:00.000Z"}, made]},
        )
        .on("GET", "/daily-plan", {"items": [{**made, "tasks": []}]})
    )
    answer = await call(context, "create_daily_plan", date="2026-12-31", workTimePlanned=6)
    assert answer == {**made, "tasks": []}
    assert context.sent("POST")[0].body == {
        **OWNED,
        "date": made["date"],
        "workTimePlanned": 6,
        "status": "open",
        "employeeId": EMPLOYEE,
        "organizationTeamId": OTHER,
    }


async def test_a_plan_needs_a_team() -> None:
    context = Recorder().on("GET", "/employee/.*", {"teams": []})
    with pytest.raises(ToolError, match="in no team, and a daily plan needs one: give teamId"):
        await call(context, "create_daily_plan", date="2026-12-31", workTimePlanned=6)
    assert context.sent("POST") == []


@pytest.mark.parametrize(
    ("argument", "path"),
    [
        ("projectId", f"/organization-projects/{ID}"),
        ("taskId", f"/tasks/{ID}"),
        ("organizationContactId", f"/organization-contact/{ID}"),
        ("organizationTeamId", f"/organization-team/{ID}"),
    ],
)
async def test_a_running_timer_is_not_stopped_for_a_record_that_is_not_there(argument: str, path: str) -> None:
    context = Recorder().on("GET", path, NotFound(("not found",), 404))
    with pytest.raises(NotFound):
        await call(context, "start_timer", **{argument: ID})
    assert context.sent("POST") == []


async def test_starting_a_timer_sends_what_gauzy_demands() -> None:
    context = Recorder()
    await call(context, "start_timer", description="d", isBillable=True)
    assert context.asked[0].body == {
        **OWNED,
        "logType": "TRACKED",
        "source": "BROWSER",
        "description": "d",
        "isBillable": True,
    }


@pytest.mark.parametrize("status", [{"running": False}, {}, {"running": None, "lastLog": None}])
async def test_stopping_a_timer_that_does_not_run_is_told(status: dict[str, Any]) -> None:
    context = Recorder().on("GET", "/timesheet/timer/status", status)
    with pytest.raises(ToolError, match="No timer is running"):
        await call(context, "stop_timer")
    assert context.sent("POST") == []


async def test_the_timer_of_somebody_else_is_not_shown_as_theirs() -> None:
    own = {"running": True, "duration": 5, "lastLog": {"employeeId": ADA.employee_id}}
    context = Recorder().on("GET", "/timesheet/timer/status", own)
    assert await call(context, "get_active_timer") == own
    assert await call(context, "timer_status", employeeId=EMPLOYEE) == own
    with pytest.raises(ToolError, match="may not see the timer of that employee"):
        await call(context, "timer_status", employeeId=OTHER)


async def test_a_word_that_could_be_several_is_refused_with_all_there_are() -> None:
    for typed in ("week", "s", ""):
        with pytest.raises(ToolError, match=r"period: .* is not possible; possible are today, yesterday, this_week"):
            await call(Recorder(), "get_time_totals", period=typed or "_")
    context = Recorder()
    await call(context, "get_comments", entity="contact")
    assert context.asked[-1].where["entity"] == "Contact", "of two that end so, the one that is meant exactly"
    await call(context, "get_comments", entity="project")
    assert context.asked[-1].where["entity"] == "OrganizationProject"
