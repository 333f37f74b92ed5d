from __future__ import annotations

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.application import Sandbox
from mcp_tools.sandbox.demo import ident
from tests.sandbox.client import OWNER, TENANT, WHERE, signed_in

APOLLO = ident("project", "Apollo")
TASK = ident("task", "APO-1")
CONTACT = ident("contact", "Lumen Academy")
EMMA = ident("employee", f"{demo.TENANT}/employee@gauzy.local")
FLAT = list(OWNER.items())


@pytest.mark.parametrize(("email", "method", "path", "query", "body", "status"), [
    ("employee", "GET", "/employee/pagination", WHERE, None, 403),
    ("employee", "GET", "/employee", WHERE, None, 403),
    ("employee", "GET", "/employee/members", FLAT, None, 200),
    ("employee", "GET", f"/employee/{EMMA}", (), None, 200),
    ("employee", "GET", "/roles", [("where[tenantId]", TENANT)], None, 403),
    ("employee", "GET", "/tasks/pagination", WHERE, None, 200),
    ("employee", "PUT", f"/tasks/{TASK}", (), {**OWNER, "title": "x", "status": "open"}, 202),
    ("employee", "DELETE", f"/tasks/{TASK}", (), None, 403),
    ("employee", "PUT", f"/organization-projects/{APOLLO}", (), OWNER, 403),
    ("employee", "DELETE", f"/organization-projects/{APOLLO}", (), None, 403),
    ("employee", "POST", "/organization-contact", (), {**OWNER, "name": "x"}, 403),
    ("employee", "PUT", f"/organization-contact/{CONTACT}", (), {**OWNER, "name": "x"}, 403),
    ("employee", "DELETE", f"/organization-contact/{CONTACT}", (), None, 202),
    ("employee", "POST", "/employee", (), {**OWNER, "userId": EMMA}, 403),
    ("manager", "GET", "/employee/pagination", WHERE, None, 200),
    ("manager", "PUT", f"/organization-projects/{APOLLO}", (), OWNER, 202),
    ("manager", "POST", "/employee", (), {**OWNER, "userId": EMMA}, 403),
    ("viewer", "GET", "/tasks/pagination", WHERE, None, 200),
    ("viewer", "GET", "/organization-projects/pagination", WHERE, None, 200),
    ("viewer", "POST", "/tasks", (), {**OWNER, "title": "x", "status": "open"}, 403),
    ("viewer", "POST", "/timesheet/timer/start", (), {**OWNER, "logType": "TRACKED", "source": "BROWSER"}, 403),
])  # fmt: skip
async def test_a_route_asks_for_a_permission(
    sandbox: Sandbox, email: str, method: str, path: str, query: object, body: object, status: int
) -> None:
    caller = await signed_in(sandbox, f"{email}@gauzy.local")
    answer = await caller.ask(method, path, query, body)
    assert answer.status == status, answer.body
    if status == 403:
        assert answer.body["message"] == "Forbidden resource"


async def test_an_employee_manages_the_project_he_made(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox, "employee@gauzy.local")
    made = await caller.ask("POST", "/organization-projects", body={**OWNER, "name": "Mine"})
    assert [(member["employeeId"], member["isManager"]) for member in made.body["members"]] == [(EMMA, True)]
    path = f"/organization-projects/{made.body['id']}"
    assert (await caller.ask("PUT", path, body={**OWNER, "name": "Still mine"})).status == 202
    assert (await caller.ask("DELETE", path)).status == 204


async def test_what_an_employee_creates_is_assigned_to_him(sandbox: Sandbox) -> None:
    body = {**OWNER, "title": "Whose", "status": "open"}
    own = await (await signed_in(sandbox, "employee@gauzy.local")).ask("POST", "/tasks", body=body)
    admins = await (await signed_in(sandbox)).ask("POST", "/tasks", body=body)
    assert (own.body["members"], admins.body["members"]) == ([{"id": EMMA}], [])


async def test_mine_is_everybodys_for_an_administrator(sandbox: Sandbox) -> None:
    admin, employee = await signed_in(sandbox), await signed_in(sandbox, "employee@gauzy.local")
    for path in ("/tasks/me", "/daily-plan/me"):
        assert len(await admin.listed(path)) > len(await employee.listed(path)) > 0
