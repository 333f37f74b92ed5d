"""The timer of the signed-in employee (Gauzy routes ``/timesheet/timer``)."""

from __future__ import annotations

import datetime
from typing import Any, Final

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.domains.timesheets import (
    LOG_TYPES,
    REFERENCES,
    SOURCES,
    instant_of,
    known,
    log,
    seconds,
    week_of,
)
from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.http import FOREIGN_KEY, Call, Disguised, Refusal, Reply, listed, not_found
from mcp_tools.sandbox.relations import Tree, tree_of
from mcp_tools.sandbox.routing import get, post
from mcp_tools.sandbox.rules import Column, boolean, one_of, string, uuid_
from mcp_tools.sandbox.store import Row, iso

READ: Final = ("ALL_ORG_VIEW", "TIME_TRACKER")
BODY: Final = {
    "logType": Column(checks=(one_of(*LOG_TYPES),), needed=True),
    "source": Column(checks=(one_of(*SOURCES),), needed=True),
    "description": Column(checks=(string,)),
    "isBillable": Column(checks=(boolean,)),
    **{name: Column(checks=(uuid_,)) for name in REFERENCES},
}


def start(call: Call) -> Reply:
    """Closes the running log and opens another. With an unknown project it does the first and fails at the second."""
    employee, body = _tracker(call), call.body()
    rules.demand(rules.organization(call, body) + rules.validate(BODY, body, creating=True))
    running = _running(call, employee["id"])
    if running is not None:
        _close(call, running)
    if not all(known(call, name, body.get(name)) for name in REFERENCES):
        raise Disguised(FOREIGN_KEY)
    moment = call.now()
    sheet = week_of(call.store, call.tenant_id, call.user_id, employee, moment)
    own = {"employeeId": employee["id"], "timesheetId": sheet["id"], "isRunning": True}
    row = log.insert(call, {**body, **own, "startedAt": moment, "stoppedAt": moment})
    _mark(call, employee, tracking=True)
    return Reply(201, log.shown(call.store, row, {}))


def stop(call: Call) -> Reply:
    """The closed log; 406 when none runs. What the body says about the log has no effect."""
    employee, body = _tracker(call), call.body()
    rules.demand(rules.organization(call, body) + rules.validate(BODY, body, creating=False))
    running = _running(call, employee["id"])
    if running is None:
        told = "No running log found. Can't stop timer because it was already stopped."
        raise Refusal(406, told, named=False)
    row = _close(call, running)
    _mark(call, employee, tracking=False)
    return Reply(201, log.shown(call.store, row, {}))


def toggle(call: Call) -> Reply:
    return stop(call) if _running(call, _tracker(call)["id"]) else start(call)


def status(call: Call) -> Reply:
    """Of the caller; of another employee for whoever may select employees, while others get their own."""
    rules.demand(rules.organization(call, call.query))
    asked = call.query.get("employeeId")
    if asked is not None:
        rules.demand(rules.employee(call, asked, call.query["organizationId"]))
    employee_id = asked if asked and call.may("CHANGE_SELECTED_EMPLOYEE") else call.employee_id
    if employee_id is None:
        raise not_found()
    return Reply(200, _status(call, employee_id, tree_of(listed(call.query.get("relations")))))


def worked(call: Call) -> Reply:
    """The status of everybody who tracked time today; of the employees asked for, if any are."""
    rules.demand(rules.organization(call, call.query))
    wanted = listed(call.query.get("employeeIds")) if call.may("CHANGE_SELECTED_EMPLOYEE") else [call.employee_id]
    found = []
    for employee in call.store.rows("Employee", call.tenant_id):
        if employee["organizationId"] == call.query["organizationId"] and (not wanted or employee["id"] in wanted):
            shown = _status(call, employee["id"], tree_of(listed(call.query.get("relations"))))
            if shown["lastLog"] is not None:
                found.append({**shown, "timerStatus": "running" if shown["running"] else "pause"})
    return Reply(200, found)


def _status(call: Call, employee_id: str, tree: Tree) -> Row:
    begin, end = _today(call)
    logs = [row for row in call.store.rows("TimeLog", call.tenant_id) if row["employeeId"] == employee_id]
    today = [row for row in logs if begin <= row["startedAt"] <= end and not row["isRunning"]]
    running = next((row for row in logs if row["isRunning"]), None)
    last = running or max(today, key=lambda row: str(row["startedAt"]), default=None)
    return {
        "duration": sum(seconds(row) for row in today),
        "running": running is not None,
        "lastLog": log.shown(call.store, last, tree) if last else None,
    }


def _today(call: Call) -> tuple[str, str]:
    """``todayStart`` and ``todayEnd``, else the day in UTC."""
    midnight = call.store.clock().replace(hour=0, minute=0, second=0, microsecond=0)
    begin, end = iso(midnight), iso(midnight + datetime.timedelta(days=1, milliseconds=-1))
    return instant_of(call.query.get("todayStart")) or begin, instant_of(call.query.get("todayEnd")) or end


def _tracker(call: Call) -> Row:
    if call.employee is None:
        raise not_found()
    if not call.employee["isTrackingEnabled"]:
        raise Refusal(403, "The time tracking functionality has been disabled for you.", named=False)
    return call.employee


def _running(call: Call, employee_id: str) -> Row | None:
    logs = call.store.rows("TimeLog", call.tenant_id)
    return next((row for row in logs if row["isRunning"] and row["employeeId"] == employee_id), None)


def _close(call: Call, row: Row) -> Row:
    moment = call.now()
    changed: dict[str, Any] = {
        "isRunning": False,
        "stoppedAt": moment,
        "updatedAt": moment,
        "updatedByUserId": call.user_id,
    }
    return call.store.put("TimeLog", {**row, **changed})


def _mark(call: Call, employee: Row, *, tracking: bool) -> None:
    entity = Entity.known["Employee"]
    call.store.put(entity.name, {**employee, "isOnline": tracking, "isTrackingTime": tracking, "updatedAt": call.now()})


ROUTES = [
    post("/timesheet/timer/start", start, "TIME_TRACKER"),
    post("/timesheet/timer/stop", stop, "TIME_TRACKER"),
    post("/timesheet/timer/toggle", toggle, "TIME_TRACKER"),
    get("/timesheet/timer/status", status, *READ),
    get("/timesheet/timer/status/worked", worked, *READ),
]
