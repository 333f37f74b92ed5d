"""What surprises a client of the real Gauzy, so that the tools can be tested against it."""

from __future__ import annotations

from typing import Any

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.application import Sandbox
from mcp_tools.sandbox.demo import ident
from tests.sandbox.client import NOBODYS, OWNER, WHERE, Caller, signed_in

EMMA = ident("employee", f"{demo.TENANT}/employee@gauzy.local")
PLAN = {
    **OWNER, "date": "2031-03-03", "workTimePlanned": 6, "status": "open", "employeeId": EMMA,
    "organizationTeamId": ident("team", "Product"),
}  # fmt: skip


async def titles(caller: Caller, path: str, *query: tuple[str, str]) -> list[str]:
    answer = await caller.ask("GET", path, [*WHERE, ("order[title]", "ASC"), *query])
    return [item["title"] for item in answer.body["items"]]


async def test_skip_is_a_page_on_pagination_and_an_offset_on_lists(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox)
    everything = await titles(caller, "/tasks")
    page = [("take", "5"), ("skip", "2")]
    assert await titles(caller, "/tasks/pagination", *page) == everything[5:10]
    assert await titles(caller, "/tasks", *page) == everything[2:7]
    assert await titles(caller, "/tasks/pagination", ("take", "5"), ("skip", "0")) == everything[:5]


async def test_a_failure_may_look_like_success(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox)
    for pair in (("relations[]", "nope"), ("where[nope]", "1"), ("order[nope]", "ASC")):
        plain = await caller.ask("GET", "/tasks", [*WHERE, pair])
        paged = await caller.ask("GET", "/tasks/pagination", [*WHERE, pair])
        told = 'Property "nope" was not found in "Task". Make sure your query is correct.'
        assert (plain.status, plain.body) == (200, {"message": told})
        assert (paged.status, paged.body) == (400, {})


async def test_a_number_in_where_becomes_true_on_pagination(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox)
    paged = await caller.ask("GET", "/tasks/pagination", [*WHERE, ("where[number]", "5")])
    plain = await caller.ask("GET", "/tasks", [*WHERE, ("where[number]", "5")])
    assert {item["number"] for item in paged.body["items"]} == {1}
    assert {item["number"] for item in plain.body["items"]} == {5}


async def test_booleans_are_words_on_pagination_and_digits_elsewhere(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox)
    totals = {
        (path, value): (await caller.ask("GET", path, [*WHERE, ("where[isActive]", value)])).body["total"]
        for path in ("/tasks/pagination", "/tasks")
        for value in ("true", "1")
    }
    assert totals[("/tasks/pagination", "true")] == totals[("/tasks", "1")] == 60
    assert totals[("/tasks", "true")] == 0


async def test_counts_are_bare_numbers(sandbox: Sandbox) -> None:
    answer = await (await signed_in(sandbox)).ask("GET", "/tasks/count", OWNER.items())
    assert (answer.type, answer.raw) == ("text/html; charset=utf-8", b"60")


async def test_deleting_what_is_not_there_is_a_success(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox)
    for path, status in (("tasks", 200), ("daily-plan", 200), ("organization-contact", 202)):
        answer = await caller.ask("DELETE", f"/{path}/{NOBODYS}")
        assert (answer.status, answer.body) == (status, {"raw": [], "affected": 0})
    assert (await caller.ask("DELETE", f"/organization-projects/{NOBODYS}")).status == 204


async def test_the_first_plan_of_a_day_tells_no_id_and_a_second_changes_nothing(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox)
    first = await caller.ask("POST", "/daily-plan", body={**PLAN, "taskId": ident("task", "APO-1")})
    second = await caller.ask(
        "POST", "/daily-plan", body={**PLAN, "workTimePlanned": 8, "taskId": ident("task", "APO-2")}
    )
    assert (first.status, "id" in first.body) == (201, False)
    assert (second.status, second.body["workTimePlanned"], len(second.body["tasks"])) == (201, 6, 2)
    plans = await caller.listed(f"/daily-plan/employee/{EMMA}")
    assert len([plan for plan in plans if plan["date"].startswith("2031-03-03")]) == 1


async def test_an_update_of_an_unknown_contact_creates_it(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox)
    answer = await caller.ask("PUT", f"/organization-contact/{NOBODYS}", body={**OWNER, "name": "Ghost"})
    assert (answer.status, answer.body["id"]) == (202, NOBODYS)
    assert (await caller.get(f"/organization-contact/{NOBODYS}")).body["name"] == "Ghost"


async def test_an_update_of_a_contact_drops_the_address_that_it_does_not_name(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox)
    path = f"/organization-contact/{ident('contact', 'Harbor Insurance')}"

    async def address() -> dict[str, Any]:
        shown: dict[str, Any] = (await caller.get(path, ("data", '{"relations":["contact"]}'))).body["contact"]
        return shown

    known = await address()
    named = {**OWNER, "name": "Harbor Insurance", "contact": {"id": known["id"], "city": "Bremen"}}
    await caller.ask("PUT", path, body=named)
    kept = await address()
    assert (kept["id"], kept["city"], kept["country"]) == (known["id"], "Bremen", "DE")
    await caller.ask("PUT", path, body={**OWNER, "name": "Harbor Insurance", "notes": "x"})
    assert (await address())["city"] is None


async def test_a_project_without_organization_is_an_orphan(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox)
    made = await caller.ask("POST", "/organization-projects", body={"name": "Orphan"})
    assert (made.status, made.body["organizationId"]) == (201, None)
    assert "Orphan" not in [project["name"] for project in await caller.listed("/organization-projects")]


async def test_an_employee_for_an_unknown_user_is_an_empty_success(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox)
    answer = await caller.ask("POST", "/employee", body={**OWNER, "userId": NOBODYS})
    assert (answer.status, answer.raw) == (201, b"")
    assert len(await caller.listed("/employee")) == 14


async def test_an_update_of_a_task_answers_null_for_what_was_not_sent(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox)
    path = f"/tasks/{ident('task', 'APO-1')}"
    answer = await caller.ask("PUT", path, body={**OWNER, "title": "New", "status": "open"})
    assert (answer.status, answer.body["number"], answer.body["projectId"]) == (202, None, None)
    kept = (await caller.get(path)).body
    assert (kept["number"], kept["projectId"]) == (1, ident("project", "Apollo"))


async def test_soft_deletion_cannot_be_undone(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox)
    path = f"/tasks/{ident('task', 'APO-1')}"
    gone = await caller.ask("DELETE", f"{path}/soft", OWNER.items())
    assert gone.body["deletedAt"] is not None
    assert (await caller.ask("PUT", f"{path}/recover", body=OWNER)).status == 404
    assert (await caller.get(path)).status == 404


async def test_the_list_of_organizations_is_never_answered(sandbox: Sandbox) -> None:
    answer = await (await signed_in(sandbox)).ask("GET", "/organization", WHERE)
    assert (answer.status, list(answer.body)) == (200, ["message"])
