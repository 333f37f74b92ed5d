"""Every request that was tried on a real Gauzy for a tool, domain by domain in their order, is answered alike."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.application import Sandbox
from mcp_tools.sandbox.demo import ident
from tests.sandbox.client import OWNER, Caller, signed_in
from tests.sandbox.conftest import KEY
from tests.sandbox.replay import BARE, IDS, Replay, problems, steps

EMMA = ident("employee", f"{demo.TENANT}/employee@gauzy.local")
DEFAULT_ROLES = {"timer": "EMPLOYEE", "authentication": "EMPLOYEE"}
DOMAINS = ("daily_plans", "diagnostics", "employees", "organization_contacts", "projects", "tasks", "timer")
MAKERS: Mapping[str, Mapping[str, str]] = {
    "tasks": {
        "W1 minimal": "taskId", "W1 full": "taskId2", "W1 bulk 0": "bulkId0", "W1 bulk 1": "bulkId1",
    },
    "projects": {
        "W1 minimal": "newProjectId", "W1 full": "newProjectId2", "W1 bulk 0": "bulkId0", "W1 bulk 1": "bulkId1",
        "W1 emp": "managedProjectId",
    },
    "organization_contacts": {
        "W1 c": "contactId1", "W1 full": "contactId", "W1 bulk 0": "bulkId0", "W1 bulk 1": "bulkId1",
    },
    "employees": {"w1448086b@example.com": "newEmployeeId"},
    "daily_plans": {
        "2026-12-10T00:00:00.000Z": "planId", "2026-12-17T00:00:00.000Z": "bulkPlanId0",
        "2026-12-18T00:00:00.000Z": "bulkPlanId1",
    },
}  # fmt: skip
"""The placeholder of what a request makes, by the title, name, e-mail address or day that it sends."""
LATER = ("/timesheet/statistics", "/employee-statistics", "/timesheet/time-log/", "/invite/", "/employee-awards")
"""Routes of domains that the sandbox does not have."""
DIFFERENT: Mapping[str, str] = {
    "58 update_employee PUT /api/employee/<newEmployeeId> bad currency": "the sandbox keeps no list of currencies",
    "54 update_employee PUT /api/employee/<newEmployeeId> partial": "why allowScreenshotCapture is told is unknown",
}
"""Steps that the sandbox answers otherwise, and why."""


def label(number: int, step: Mapping[str, Any]) -> str:
    return f"{number} {step['tool']} {step['method']} {step['path']} {step['note']}"


def wanted(domain: str) -> list[tuple[str, dict[str, Any]]]:
    named = [(label(number, step), step) for number, step in enumerate(steps(domain))]
    return [(name, step) for name, step in named if not any(part in step["path"] for part in LATER)]


@pytest.fixture(scope="module", params=DOMAINS)
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The differences of each step of a domain, in a sandbox of its own."""
    sandbox = Sandbox(tmp_path_factory.mktemp(request.param) / "sandbox.sqlite3", KEY)
    outcome = asyncio.run(_replayed(request.param, sandbox))
    sandbox.close()
    return outcome


async def _replayed(domain: str, sandbox: Sandbox) -> dict[str, list[str]]:
    replay, admin = Replay(sandbox, IDS | {"employeeId": EMMA}), await signed_in(sandbox)
    await _prepare(domain, replay, admin)
    outcome = {}
    for name, step in wanted(domain):
        answer = await replay.send(step, _role(domain, step))
        outcome[name] = problems(step, answer, replay, unnamed=BARE)
        if step["method"] == "POST" and answer.status < 300:
            await _remember(domain, replay, admin, step["body"], answer.body)
    return outcome


async def _prepare(domain: str, replay: Replay, admin: Caller) -> None:
    """What the recording found there."""
    if domain == "timer":
        await admin.ask("PUT", f"/employee/{IDS['adminEmployeeId']}", body={**OWNER, "isTrackingEnabled": False})
    if domain == "daily_plans":
        plan = {"workTimePlanned": 6, "status": "open", "employeeId": EMMA, "organizationTeamId": IDS["teamId"]}
        body = {**OWNER, **plan, "date": "2031-12-16", "taskId": IDS["taskId"]}
        await admin.ask("POST", "/daily-plan", body=body)
        replay.ids["planOfTask1"] = await _plan(admin, "2031-12-16")


def _role(domain: str, step: Mapping[str, Any]) -> str:
    if step["path"].endswith("/profile"):
        return "EMPLOYEE"
    role = step["role"] or DEFAULT_ROLES.get(domain, "ADMIN")
    return "ADMIN" if role == "SUPER_ADMIN" else role


async def _remember(domain: str, replay: Replay, admin: Caller, body: Any, answer: Any) -> None:
    sent = body if isinstance(body, dict) else {}
    person = sent.get("user") or {}
    maker = MAKERS.get(domain, {}).get(
        sent.get("title") or sent.get("name") or sent.get("date") or person.get("email") or ""
    )
    if maker and "date" in sent:
        replay.ids[maker] = await _plan(admin, replay.filled(sent["date"])[:10])
        replay.ids["planOfTask0"] = replay.ids["planId"]
    elif maker and isinstance(answer, dict) and "id" in answer:
        replay.ids[maker] = answer["id"]


async def _plan(admin: Caller, day: str) -> str:
    """The first create of a day tells no id."""
    plans = await admin.listed(f"/daily-plan/employee/{EMMA}")
    return next(plan["id"] for plan in plans if plan["date"].startswith(day))


def test_they_have_the_recorded_shape(found: Mapping[str, list[str]]) -> None:
    assert {name: told for name, told in found.items() if told and name not in DIFFERENT} == {}
    assert [name for name in DIFFERENT if name in found and not found[name]] == []
