from __future__ import annotations

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.application import Sandbox
from mcp_tools.sandbox.demo import ident
from tests.sandbox.client import ORGANIZATION, TENANT, WHERE, signed_in

OTHER = ident("tenant", demo.OTHER_TENANT)
OTHER_ORGANIZATION = ident("organization", demo.OTHER_ORGANIZATION)
OTHERS_WHERE = [("where[organizationId]", OTHER_ORGANIZATION), ("where[tenantId]", OTHER)]
APOLLO = ident("project", "Apollo")
TASK = ident("task", "APO-1")
LISTS = (
    "organization-projects",
    "tasks",
    "employee",
    "daily-plan",
    "organization-contact",
    "organization-team",
    "tags",
)


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_holds_the_callers_tenant_alone(sandbox: Sandbox, path: str) -> None:
    theirs = await signed_in(sandbox, "other@gauzy.local")
    answer = await theirs.ask("GET", f"/{path}/pagination", [*OTHERS_WHERE, ("take", "100")])
    assert answer.status == 200
    assert {item.get("tenantId", OTHER) for item in answer.body["items"]} <= {OTHER}


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_of_a_foreign_organization_is_refused(sandbox: Sandbox, path: str) -> None:
    theirs = await signed_in(sandbox, "other@gauzy.local")
    answer = await theirs.ask("GET", f"/{path}/pagination", WHERE)
    assert answer.status == 400
    assert "is not associated with the specified organization" in answer.body["message"][0]


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", f"/tasks/{TASK}", 404),
    ("GET", f"/organization-projects/{APOLLO}", 400),
    ("PUT", f"/tasks/{TASK}", 400),
    ("PUT", f"/organization-projects/{APOLLO}", 404),
    ("DELETE", f"/tasks/{TASK}", 200),
    ("DELETE", f"/organization-projects/{APOLLO}", 204),
])  # fmt: skip
async def test_a_foreign_record_is_not_there(sandbox: Sandbox, method: str, path: str, status: int) -> None:
    theirs, ours = await signed_in(sandbox, "other@gauzy.local"), await signed_in(sandbox)
    body = {"organizationId": OTHER_ORGANIZATION, "title": "taken", "name": "taken", "status": "open"}
    answer = await theirs.ask(method, path, body=None if method == "GET" else body)
    assert answer.status == status
    kept = await ours.get(f"/tasks/{TASK}")
    assert kept.status == 200
    assert kept.body["title"] != "taken"
    assert (await ours.get(f"/organization-projects/{APOLLO}")).body["name"] == "Apollo"


async def test_a_record_cannot_be_put_into_a_foreign_organization(sandbox: Sandbox) -> None:
    theirs = await signed_in(sandbox, "other@gauzy.local")
    for path in ("/tasks", "/organization-contact", "/organization-projects"):
        body = {"organizationId": ORGANIZATION, "tenantId": TENANT, "title": "x", "name": "x", "status": "open"}
        assert (await theirs.ask("POST", path, body=body)).status == 400


async def test_a_foreign_id_in_a_body_is_nobodys(sandbox: Sandbox) -> None:
    theirs = await signed_in(sandbox, "other@gauzy.local")
    body = {"organizationId": OTHER_ORGANIZATION, "title": "x", "status": "open"}
    foreign = {"projectId": APOLLO}, {"members": [{"id": ident("employee", f"{demo.TENANT}/demo@gauzy.local")}]}
    for reference in foreign:
        assert (await theirs.ask("POST", "/tasks", body={**body, **reference})).status == 400


@pytest.mark.parametrize("tenant", [TENANT, None, "", "00000000-0000-4000-8000-000000000000"])
async def test_the_tenant_header_must_name_the_callers_own(sandbox: Sandbox, tenant: str | None) -> None:
    theirs = await signed_in(sandbox, "other@gauzy.local")
    headers = {"Authorization": theirs.headers["Authorization"], **({} if tenant is None else {"Tenant-Id": tenant})}
    answer = await theirs.ask("GET", "/tasks", OTHERS_WHERE, headers=headers)
    assert (answer.status, answer.body["message"]) == (403, "Forbidden resource")


async def test_the_second_organization_of_a_tenant_is_empty(sandbox: Sandbox) -> None:
    admin = await signed_in(sandbox)
    empty = ident("organization", demo.EMPTY_ORGANIZATION)
    for path in LISTS:
        answer = await admin.get(f"/{path}/pagination", ("where[organizationId]", empty))
        assert (answer.status, answer.body) == (200, {"items": [], "total": 0})
