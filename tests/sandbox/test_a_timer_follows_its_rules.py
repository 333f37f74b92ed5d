from __future__ import annotations

from typing import Any

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.application import Sandbox
from mcp_tools.sandbox.demo import ident
from tests.sandbox.client import NOBODYS, ORGANIZATION, OWNER, Answer, Caller, signed_in

START = {**OWNER, "logType": "TRACKED", "source": "BROWSER"}
FLAT = list(OWNER.items())
ALEX = ident("employee", f"{demo.TENANT}/demo@gauzy.local")
EMMA = ident("employee", f"{demo.TENANT}/employee@gauzy.local")


async def start(caller: Caller, **more: Any) -> Answer:
    return await caller.ask("POST", "/timesheet/timer/start", body={**START, **more})


async def status(caller: Caller, *query: tuple[str, str]) -> dict[str, Any]:
    answer = await caller.get("/timesheet/timer/status", *FLAT, *query)
    assert answer.status == 200, answer.body
    told: dict[str, Any] = answer.body
    return told


async def test_it_starts_runs_and_stops(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox, "employee@gauzy.local")
    assert (await status(caller))["running"] is False
    begun = await start(caller, projectId=ident("project", "Apollo"), description="Work")
    shown = await status(caller, ("relations[]", "project"))
    assert (shown["running"], shown["lastLog"]["id"], shown["lastLog"]["project"]["name"]) == (
        True,
        begun.body["id"],
        "Apollo",
    )
    ended = await caller.ask("POST", "/timesheet/timer/stop", body={**OWNER, "description": "Ignored"})
    assert (ended.body["id"], ended.body["isRunning"], ended.body["description"]) == (begun.body["id"], False, "Work")
    assert (await status(caller))["running"] is False


async def test_starting_again_closes_the_log_before(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox, "employee@gauzy.local")
    first, second = await start(caller), await start(caller)
    closed = await caller.get(f"/timesheet/time-log/{first.body['id']}")
    assert (closed.body["isRunning"], second.body["isRunning"]) == (False, True)


async def test_stopping_what_does_not_run_is_406(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox, "employee@gauzy.local")
    answer = await caller.ask("POST", "/timesheet/timer/stop", body=OWNER)
    assert answer.status == 406
    assert answer.body["message"] == "No running log found. Can't stop timer because it was already stopped."


async def test_an_unknown_project_stops_the_timer_and_fails_as_success(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox, "employee@gauzy.local")
    await start(caller)
    answer = await start(caller, projectId=NOBODYS)
    assert (answer.status, list(answer.body)) == (201, ["message"])
    assert (await status(caller))["running"] is False


async def test_toggle_does_either(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox, "employee@gauzy.local")
    for running in (True, False, True):
        answer = await caller.ask("POST", "/timesheet/timer/toggle", body=START)
        assert (answer.status, answer.body["isRunning"]) == (201, running)


async def test_without_leave_to_track_it_is_403(sandbox: Sandbox) -> None:
    admin = await signed_in(sandbox)
    await admin.ask("PUT", f"/employee/{ALEX}", body={**OWNER, "isTrackingEnabled": False})
    answer = await start(admin)
    assert answer.status == 403
    assert answer.body["message"] == "The time tracking functionality has been disabled for you."


async def test_an_employee_who_asks_for_another_gets_his_own(sandbox: Sandbox) -> None:
    admin, employee = await signed_in(sandbox), await signed_in(sandbox, "employee@gauzy.local")
    await start(employee)
    assert (await status(employee, ("employeeId", ALEX)))["lastLog"]["employeeId"] == EMMA
    assert (await status(admin, ("employeeId", EMMA)))["lastLog"]["employeeId"] == EMMA


async def test_the_timers_of_two_people_are_apart(sandbox: Sandbox) -> None:
    admin, employee = await signed_in(sandbox), await signed_in(sandbox, "employee@gauzy.local")
    await start(admin)
    await start(employee)
    await admin.ask("POST", "/timesheet/timer/stop", body=OWNER)
    assert ((await status(admin))["running"], (await status(employee))["running"]) == (False, True)


async def test_an_employee_sees_the_time_of_whom_he_leads(sandbox: Sandbox) -> None:
    query = [("organizationId", ORGANIZATION), ("employeeIds[]", ALEX)]
    own = await (await signed_in(sandbox, "employee@gauzy.local")).get("/timesheet/time-log", *query)
    all_of_alex = await (await signed_in(sandbox)).get("/timesheet/time-log", *query)
    assert {log["employeeId"] for log in own.body} == {EMMA}
    assert {log["employeeId"] for log in all_of_alex.body} == {ALEX}
