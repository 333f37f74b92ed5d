"""Wrapper objects and injected ids that clients of the earlier implementation send."""

from __future__ import annotations

import json

import pytest

from mcp_tools.catalog.tool import ToolError
from mcp_tools.dispatch.arguments import InvalidArguments
from tests.catalog.recorder import ID, ORGANIZATION, OTHER, TENANT, accepted, tool

INJECTED = {"organizationId": ORGANIZATION, "tenantId": TENANT}


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize(
    ("name", "wrapper", "inner"),
    [
        ("create_task", "task_data", {"title": "Write"}),
        ("create_project", "project_data", {"name": "Apollo", "budget": 5}),
        ("create_employee", "employee_data", {"userId": ID}),
        ("create_daily_plan", "daily_plan_data", {"date": "2026-12-31", "workTimePlanned": 6}),
        ("create_organization_contact", "contact_data", {"name": "Acme"}),
    ],
)
def test_a_wrapper_is_unpacked(name: str, wrapper: str, inner: dict[str, object], as_text: bool) -> None:
    wrapped = {**inner, **INJECTED}
    assert accepted(name, {wrapper: json.dumps(wrapped) if as_text else wrapped}) == inner
    assert wrapper not in tool(name).input_schema["properties"], "accepted, not advertised"


def test_arguments_beside_a_wrapper_win() -> None:
    given = {"id": ID, "title": "beside", "task_data": {"title": "inside", "status": "done", "id": OTHER}}
    assert accepted("update_task", given) == {"id": ID, "title": "beside", "status": "done"}


@pytest.mark.parametrize("wrapper", ["task_data", "data", "nope"])
@pytest.mark.parametrize("value", ["text", 7, [1], "{"])
def test_what_is_no_wrapper_is_named(wrapper: str, value: object) -> None:
    with pytest.raises(InvalidArguments, match=wrapper):
        accepted("create_task", {"title": "x", wrapper: value})


def test_organization_and_tenant_are_dropped_because_they_follow_from_the_sign_in() -> None:
    assert accepted("get_tasks", {**INJECTED, "limit": 5}) == {"limit": 5}
    assert accepted("get_tasks", {"organizationId": None}) == {}


def test_the_tenant_of_the_login_tool_is_an_argument() -> None:
    assert accepted("login", INJECTED) == {"tenantId": TENANT}


def test_items_of_bulk_tools_are_taken_like_arguments() -> None:
    items = [{"title": "a", **INJECTED}, {"title": "b", "priority": None, "estimateSeconds": "60"}]
    expected = {"tasks": [{"title": "a"}, {"title": "b", "estimateSeconds": 60}]}
    assert accepted("bulk_create_tasks", {"tasks": items}) == expected
    assert accepted("bulk_create_tasks", {"tasks": json.dumps(items)}) == expected


@pytest.mark.parametrize(
    ("name", "items"),
    [
        ("bulk_update_tasks", "updates"),
        ("bulk_update_projects", "updates"),
        ("bulk_update_organization_contacts", "contacts"),
    ],
)
def test_the_wrapper_inside_bulk_updates_is_unpacked(name: str, items: str) -> None:
    column = "title" if name == "bulk_update_tasks" else "name"
    given = [{"id": ID, "data": {column: "x", **INJECTED}}, {"id": OTHER, column: "y"}]
    assert accepted(name, {items: given}) == {items: [{"id": ID, column: "x"}, {"id": OTHER, column: "y"}]}


def test_null_is_no_arguments() -> None:
    assert tool("get_tasks").accept(None) == {}


@pytest.mark.parametrize("arguments", [[], 5, "text", "[1]", True])
def test_arguments_that_are_no_object_are_an_error_in_words(arguments: object) -> None:
    with pytest.raises(ToolError, match="arguments of get_tasks must be an object"):
        tool("get_tasks").accept(arguments)


@pytest.mark.parametrize(
    "hostile",
    ["../../../auth/logout", "1%2f..%2fusers", "x?tenantId=1", "x#y", "", " ", ID + "\n", ID + "/soft", "{" + ID + "}"],
)
@pytest.mark.parametrize("name", ["get_task", "delete_task", "update_project", "get_employee", "get_daily_plan"])
def test_an_id_that_would_change_the_route_never_reaches_it(name: str, hostile: str) -> None:
    with pytest.raises(InvalidArguments, match="id"):
        accepted(name, {"id": hostile})


@pytest.mark.parametrize("depth", [20, 300, 2000])
def test_items_nested_without_end_are_refused_in_words(depth: int) -> None:
    with pytest.raises(InvalidArguments):
        accepted("bulk_create_tasks", {"tasks": "[" * depth + "]" * depth})
