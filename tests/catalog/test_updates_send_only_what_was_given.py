"""Create, update and delete of an entity: what goes over the wire, and what never does."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.catalog.tool import ToolError
from mcp_tools.gauzy.errors import NotFound
from mcp_tools.gauzy.identity import Identity
from tests.catalog.recorder import EMPLOYEE, ID, OTHER, OWNED, Recorder, call

GONE = NotFound(("The requested record was not found",), 404)
TASK = {"id": ID, "title": "was", "status": "open", "priority": "low", "dueDate": "2026-01-01T00:00:00.000Z"}
CONTACT = {"id": ID, "name": "Acme", "contactType": "CLIENT", "contactId": OTHER, "notes": "n"}


def with_row(path: str, row: dict[str, Any]) -> Recorder:
    return Recorder().on("GET", f"{path}/{ID}", row)


async def test_a_create_carries_the_owner_the_given_and_the_defaults() -> None:
    context = Recorder()
    await call(context, "create_task", title="Write", memberIds=[EMPLOYEE], estimateSeconds=60, dueDate="2026-12-31")
    (asked,) = context.asked
    assert (asked.method, asked.path) == ("POST", "/tasks")
    assert asked.body == {
        **OWNED,
        "title": "Write",
        "status": "open",
        "members": [{"id": EMPLOYEE}],
        "estimate": 60,
        "dueDate": "2026-12-31T00:00:00.000Z",
    }


async def test_an_update_sends_the_change_and_what_gauzy_demands_beside_it() -> None:
    context = with_row("/tasks", TASK)
    await call(context, "update_task", id=ID, status="done")
    assert [(asked.method, asked.path) for asked in context.asked] == [
        ("GET", f"/tasks/{ID}"),
        ("PUT", f"/tasks/{ID}"),
        ("GET", f"/tasks/{ID}"),
    ]
    assert context.sent("PUT")[0].body == {**OWNED, "title": "was", "status": "done"}


async def test_an_update_of_a_partial_route_sends_the_change_alone() -> None:
    context = with_row("/organization-projects", {"id": ID, "name": "Apollo", "status": "open"})
    await call(context, "update_project", id=ID, budget=5)
    assert context.sent("PUT")[0].body == {**OWNED, "budget": 5}


async def test_an_update_does_not_bring_back_defaults() -> None:
    context = with_row("/tasks", {**TASK, "status": "done"})
    await call(context, "update_task", id=ID, title="is")
    assert context.sent("PUT")[0].body["status"] == "done"


async def test_a_changed_address_keeps_the_record_it_is_in() -> None:
    context = with_row("/organization-contact", CONTACT)
    await call(context, "update_organization_contact", id=ID, city="Hamburg")
    body = context.sent("PUT")[0].body
    assert body == {**OWNED, "name": "Acme", "contactType": "CLIENT", "contact": {"id": OTHER, "city": "Hamburg"}}


async def test_an_address_that_was_not_touched_goes_along_by_its_id_or_gauzy_replaces_it() -> None:
    context = with_row("/organization-contact", CONTACT)
    await call(context, "update_organization_contact", id=ID, notes="new")
    assert context.sent("PUT")[0].body["contact"] == {"id": CONTACT["contactId"]}


async def test_clear_empties_columns_lists_and_nested_columns_at_their_place() -> None:
    context = with_row("/tasks", TASK)
    await call(context, "update_task", id=ID, clear=["priority", "dueDate", "memberIds", "estimateSeconds", "sprintId"])
    assert context.sent("PUT")[0].body == {
        **OWNED,
        "title": "was",
        "status": "open",
        "priority": None,
        "dueDate": None,
        "members": [],
        "estimate": None,
        "organizationSprintId": None,
    }
    context = with_row("/organization-contact", CONTACT)
    await call(context, "update_organization_contact", id=ID, country="DE", clear=["city", "tagIds"])
    body = context.sent("PUT")[0].body
    assert body["contact"] == {"id": OTHER, "country": "DE", "city": None}
    assert body["tags"] == []
    context = with_row("/organization-projects", {"id": ID})
    await call(context, "update_project", id=ID, clear=["memberIds", "managerIds", "code"])
    assert context.sent("PUT")[0].body == {**OWNED, "memberIds": [], "managerIds": [], "code": None}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"memberIds": [OTHER]}, {"memberIds": [OTHER], "managerIds": [EMPLOYEE]}),
        ({"managerIds": [OTHER]}, {"memberIds": [ID], "managerIds": [OTHER]}),
        ({"clear": ["memberIds"]}, {"memberIds": [], "managerIds": [EMPLOYEE]}),
    ],
)
async def test_members_and_managers_go_together_or_gauzy_loses_the_other_list(
    given: dict[str, Any], sent: dict[str, Any]
) -> None:
    members = [{"employeeId": EMPLOYEE, "isManager": True}, {"employeeId": ID, "isManager": False}]
    context = with_row("/organization-projects", {"id": ID, "name": "Apollo", "members": members})
    await call(context, "update_project", id=ID, **given)
    assert context.sent("PUT")[0].body == {**OWNED, **sent}


@pytest.mark.parametrize("name", ["title", "status", "nope", "id", "organizationId"])
async def test_what_gauzy_needs_cannot_be_cleared(name: str) -> None:
    context = with_row("/tasks", TASK)
    with pytest.raises(ToolError, match=f"clear: {name} cannot be emptied; possible are description, priority"):
        await call(context, "update_task", id=ID, clear=[name])
    assert context.sent("PUT") == []


@pytest.mark.parametrize("arguments", [{}, {"priority": None}, {"clear": []}])
async def test_an_update_without_a_change_asks_gauzy_nothing(arguments: dict[str, Any]) -> None:
    context = with_row("/tasks", TASK)
    with pytest.raises(ToolError, match="Nothing to change: give at least one of title"):
        await call(context, "update_task", id=ID, **arguments)
    assert context.asked == []


@pytest.mark.parametrize(
    ("name", "path", "change"),
    [
        ("update_task", "/tasks", {"title": "x"}),
        ("update_project", "/organization-projects", {"name": "x"}),
        ("update_organization_contact", "/organization-contact", {"name": "x", "contactType": "CLIENT"}),
        ("delete_task", "/tasks", {}),
        ("delete_project", "/organization-projects", {}),
        ("delete_organization_contact", "/organization-contact", {}),
        ("delete_daily_plan", "/daily-plan", {}),
    ],
)
async def test_an_unknown_id_is_an_error_and_changes_nothing(name: str, path: str, change: dict[str, Any]) -> None:
    """Gauzy itself answers 200 to deleting what is not there, and creates a contact that is updated under a new id."""
    context = Recorder().on("GET", f"{path}/{ID}", GONE)
    with pytest.raises(NotFound):
        await call(context, name, id=ID, **change)
    assert [asked.method for asked in context.asked] == ["GET"]


@pytest.mark.parametrize("answer", [None, "", [], 0])
async def test_a_record_that_is_no_record_is_an_error(answer: object) -> None:
    context = Recorder().on("GET", "/tasks/.*", answer)
    for name, more in (("get_task", {}), ("delete_task", {}), ("update_task", {"title": "x"})):
        with pytest.raises(ToolError, match="Gauzy has no task"):
            await call(context, name, id=ID, **more)
    assert {asked.method for asked in context.asked} == {"GET"}


async def test_a_create_without_an_answer_says_to_look_before_trying_again() -> None:
    context = Recorder().on("POST", "/employee", None)
    with pytest.raises(ToolError, match="took the employee without an answer; look it up before you try again"):
        await call(context, "create_employee", userId=OTHER)


@pytest.mark.parametrize("name", ["create_task", "get_tasks", "start_timer", "get_daily_plans"])
async def test_somebody_in_no_organization_is_told_so(name: str) -> None:
    context = Recorder(who=Identity(email="ada@example.com", tenant_id="t"))
    arguments = {"title": "x"} if name == "create_task" else {}
    with pytest.raises(ToolError, match=r"ada@example\.com belongs to no organization"):
        await call(context, name, **arguments)
    assert context.asked == []


async def test_a_new_employee_gets_the_role_employee() -> None:
    roles = {"items": [{"id": "r-1", "name": "ADMIN"}, {"id": "r-2", "name": "EMPLOYEE"}]}
    context = Recorder().on("GET", "/roles", roles)
    await call(
        context,
        "create_employee",
        firstName="Bo",
        email="bo@example.com",
        password="s3cret",
        startedWorkOn="2026-12-01",
    )
    assert context.asked[0].query == [("where[tenantId]", OWNED["tenantId"])]
    assert context.sent("POST")[0].body == {
        **OWNED,
        "user": {"firstName": "Bo", "email": "bo@example.com", "role": {"id": "r-2"}},
        "password": "s3cret",
        "startedWorkOn": "2026-12-01T00:00:00.000Z",
    }


async def test_a_new_employee_without_the_least_is_refused_before_gauzy_is_asked() -> None:
    context = Recorder()
    with pytest.raises(ToolError, match="Give email, password for a new user, or userId for an existing one"):
        await call(context, "create_employee", firstName="Bo")
    assert context.asked == []
    with pytest.raises(ToolError, match="no role EMPLOYEE; give roleId"):
        await call(context, "create_employee", firstName="Bo", email="bo@example.com", password="x")
    assert context.sent("POST") == []
