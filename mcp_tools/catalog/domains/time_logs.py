"""Time logs: what was worked, by timer or by hand (Gauzy route ``/timesheet/time-log``)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs, periods
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.entity import Entity, Local, containing
from mcp_tools.catalog.requests import Pairs, body_of, flat_pairs, owner
from mcp_tools.catalog.rows import Row, Rows, own_employee, project, rows_of
from mcp_tools.catalog.styles import Asked
from mcp_tools.catalog.tool import ADDS, CHANGES, DELETES, Tool, ToolError

LOG_TYPES: Final = ("TRACKED", "MANUAL", "IDLE", "RESUMED")
SOURCES: Final = ("MOBILE", "BROWSER", "DESKTOP", "BROWSER_EXTENSION", "HUBSTAFF", "UPWORK", "TEAMS", "CLOC")
LOOK_BACK: Final = datetime.timedelta(days=7)
"""How much earlier than another a log may begin and still overlap it: Gauzy finds logs by their beginning alone."""
SELECT_OTHERS: Final = "CHANGE_SELECTED_EMPLOYEE"
CHECKED: Final = {"projectId": "/organization-projects", "taskId": "/tasks", "contactId": "/organization-contact"}
"""Arguments that name a record, and where it is read: Gauzy refuses an unknown one without a reason."""

WHOSE: Final = {
    "mine": f.boolean(),
    "employeeId": f.ref(where="employeeIds[]"),
    "projectId": f.ref(where="projectIds[]"),
}


@dataclass(frozen=True, slots=True)
class OfPeriod:
    """``GET …?startDate=…&endDate=…``: everything at once. Without both dates the whole history would come.

    ``default`` is the period unless one is asked for; None asks for everything.
    """

    default: str | None = "this_week"
    pages: bool = field(default=False, init=False)

    async def fetch(self, gauzy: Gauzy, path: str, asked: Asked) -> tuple[Rows, int]:
        query = await pairs(gauzy, asked.filters, asked.arguments, self.default)
        query += [("relations[]", relation) for relation in asked.relations]
        rows, total = rows_of(await gauzy.request("GET", path, query=query))
        _check_whose(rows, asked.arguments.get("employeeId"))
        return rows, total


async def pairs(
    gauzy: Gauzy, filters: Mapping[str, f.Field], arguments: Mapping[str, Any], default: str | None
) -> Pairs:
    """The query of a route about tracked time: organization, period, and the filters that are given."""
    identity = await gauzy.identity()
    own = {"employeeId": own_employee(identity)} if arguments.get("mine") else {}
    sent = {name: one for name, one in filters.items() if name not in (*periods.arguments(None), "mine")}
    query = flat_pairs(identity, sent, {**arguments, **own})
    if default or arguments.get("period") or arguments.get("from") or arguments.get("to"):
        period = periods.asked(arguments, identity, default or "this_week")
        last = period.end - datetime.timedelta(milliseconds=1)
        query += [("startDate", periods.instant(period.begin)), ("endDate", periods.instant(last))]
    return query


def _check_whose(rows: Sequence[Row], employee_id: str | None) -> None:
    """Who may not see the time of somebody gets his own from Gauzy, without a word. Raises ToolError for that."""
    if employee_id and any(row.get("employeeId", employee_id) != employee_id for row in rows):
        raise ToolError("You may not see the time of that employee: Gauzy answered with your own.")


entry = Entity(
    "time_log",
    "/timesheet/time-log",
    "time_tracking",
    columns={
        "startedAt": f.moment(required=True),
        "stoppedAt": f.moment(required=True),
        "description": f.text(),
        "projectId": f.ref(),
        "taskId": f.ref(),
        "contactId": f.ref("Client", column="organizationContactId"),
        "isBillable": f.boolean(),
        "employeeId": f.ref("Mine unless given").as_once(),
        "reason": f.text().as_unlisted(),
    },
    filters={
        **periods.arguments("this_week"),
        **WHOSE,
        "taskId": f.ref(where="taskIds[]"),
        "logType": f.choice(*LOG_TYPES, where="logType[]").as_unlisted(),
        "source": f.choice(*SOURCES, where="source[]").as_unlisted(),
    },
    local={
        "search": replace(containing("description"), field=f.text().as_unlisted()),
        "isBillable": Local(f.boolean().as_unlisted(), lambda row, value: bool(row.get("isBillable")) == value),
    },
    shows={
        "duration": "number", "logType": "string", "source": "string", "isRunning": "boolean", "isEdited": "boolean",
        "timesheetId": "string",
    },
    names={
        "employeeName": "employee.fullName",
        "projectName": "project.name",
        "taskTitle": "task.title",
        "clientName": "organizationContact.name",
    },
    include=("employee.user", "project", "task", "organizationContact"),
    style=OfPeriod(),
)  # fmt: skip

slot = Entity(
    "time_slot",
    "/timesheet/time-slot",
    "time_tracking",
    columns={},
    filters={
        **periods.arguments("today"),
        **WHOSE,
        "minActivity": f.number("%", maximum=100, where="activityLevel.start"),
        "maxActivity": f.number(maximum=100, where="activityLevel.end").as_unlisted(),
    },
    shows={
        "startedAt": "string", "stoppedAt": "string", "duration": "number", "keyboard": "number", "mouse": "number",
        "overall": "number", "percentage": "number", "employeeId": "string",
    },
    style=OfPeriod("today"),
)  # fmt: skip


async def add(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``POST``, after a look whether anything else was logged at that time: Gauzy would store both."""
    gauzy, identity = context.gauzy, await context.gauzy.identity()
    employee_id = arguments.get("employeeId") or own_employee(identity)
    await _check_may_log_for(gauzy, employee_id, identity.employee_id)
    await _check_records(gauzy, arguments)
    await _check_free(gauzy, employee_id, arguments["startedAt"], arguments["stoppedAt"])
    written = {**body_of(entry.columns, arguments, with_defaults=True), "employeeId": employee_id}
    body = {**owner(identity), "logType": "MANUAL", "source": "BROWSER", **written}
    made = await gauzy.request("POST", entry.path, body=body)
    if not isinstance(made, dict) or made.get("employeeId") != employee_id:
        raise ToolError("Gauzy did not log this time as asked; look it up before you try again")
    return project(await entry.read(gauzy, made["id"], entry.include), {}, entry.names, short=True)


async def update(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``PUT``, which demands times and employee, and is refused on SQLite although the change was stored."""
    gauzy = context.gauzy
    changes, current = entry.changes(arguments), await entry.read(gauzy, arguments["id"])
    if current.get("isRunning"):
        raise ToolError("This log is of a timer that runs: call stop_timer first")
    await _check_records(gauzy, arguments)
    kept = {name: current[name] for name in ("startedAt", "stoppedAt", "employeeId", "logType", "source")}
    told = {**kept, **changes}
    if {"startedAt", "stoppedAt"} & changes.keys():
        await _check_free(gauzy, current["employeeId"], told["startedAt"], told["stoppedAt"], but=current["id"])
    try:
        await gauzy.request(
            "PUT", f"{entry.path}/{current['id']}", body={**owner(await gauzy.identity()), **told}
        )  # fmt: skip
    except context.failures:
        if not _is_stored(await entry.read(gauzy, current["id"]), told):
            raise
    return project(await entry.read(gauzy, current["id"], entry.include), {}, entry.names, short=True)


async def delete(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``DELETE`` of one log at a time: one that cannot be deleted makes Gauzy refuse all that are named with it."""
    gauzy, log_id = context.gauzy, arguments["id"]
    current = await entry.read(gauzy, log_id, ("timeSlots",))
    if current.get("isRunning"):
        raise ToolError("This log is of a timer that runs: call stop_timer first")
    if current.get("timeSlots") == []:
        raise ToolError("Gauzy cannot delete this log, for it has no time slots: it is too short to count as time")
    query = [*owner(await gauzy.identity()).items(), ("logIds[]", log_id), ("forceDelete", "true")]
    await gauzy.request("DELETE", entry.path, query=query)
    return {"id": log_id, "deleted": True}


async def _check_may_log_for(gauzy: Gauzy, employee_id: str, own_id: str) -> None:
    """Without the permission, what is logged for another becomes one's own. Raises ToolError for that."""
    if employee_id == own_id:
        return
    query = [*owner(await gauzy.identity()).items(), ("permissions[]", SELECT_OTHERS)]
    if await gauzy.request("GET", "/auth/permissions", query=query) is not True:
        raise ToolError("You may log time for yourself only: Gauzy would make this log your own.")


async def _check_records(gauzy: Gauzy, arguments: Mapping[str, Any]) -> None:
    for name, path in CHECKED.items():
        if arguments.get(name):
            await gauzy.request("GET", f"{path}/{arguments[name]}")


async def _check_free(gauzy: Gauzy, employee_id: str, started: str, stopped: str, but: str | None = None) -> None:
    """Raises ToolError that names the log which overlaps, and for times in the wrong order."""
    begin, end = _moment(started), _moment(stopped)
    if begin >= end:
        raise ToolError("startedAt must be before stoppedAt")
    for row in [*await _logs_around(gauzy, employee_id, begin, end), *await _running(gauzy, employee_id)]:
        ends = datetime.datetime.now(datetime.UTC) if row.get("isRunning") else _moment(row["stoppedAt"])
        if row["id"] != but and _moment(row["startedAt"]) < end and begin < ends:
            raise ToolError(
                f"This overlaps with {_described(row)}. Gauzy would count that time twice or damage that log: choose "
                "other times, or change that log with update_time_log"
            )


async def _logs_around(gauzy: Gauzy, employee_id: str, begin: datetime.datetime, end: datetime.datetime) -> Rows:
    query = [*owner(await gauzy.identity()).items(), ("employeeIds[]", employee_id)]
    query += [("startDate", periods.instant(begin - LOOK_BACK)), ("endDate", periods.instant(end))]
    query += [("relations[]", "project")]
    rows, _ = rows_of(await gauzy.request("GET", entry.path, query=query))
    return [row for row in rows if row.get("employeeId") == employee_id]


async def _running(gauzy: Gauzy, employee_id: str) -> Rows:
    """The log of a timer that runs, which the list leaves out."""
    query = [*owner(await gauzy.identity()).items(), ("employeeId", employee_id), ("relations[]", "project")]
    status = await gauzy.request("GET", "/timesheet/timer/status", query=query)
    last = status.get("lastLog") if isinstance(status, dict) and status.get("running") else None
    return [last] if last and last.get("employeeId") == employee_id else []


def _described(row: Row) -> str:
    what = (row.get("project") or {}).get("name") or row.get("description") or "no project"
    until = "now, its timer runs" if row.get("isRunning") else row["stoppedAt"]
    return f"the log {row['id']} ({row['startedAt']} to {until}, {what})"


def _moment(text: str) -> datetime.datetime:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise ToolError(f"{text[:40]} is no time; write it as 2026-03-01T09:00:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def _is_stored(row: Row, told: Mapping[str, Any]) -> bool:
    times = ("startedAt", "stoppedAt")
    same = all(_moment(row[name]) == _moment(told[name]) for name in times)
    return same and all(row.get(name) == value for name, value in told.items() if name not in times)


_CHANGEABLE: Final = {name: one for name, one in entry.columns.items() if not one.once}
TOOLS = [
    entry.list(
        "list_time_logs", "Logged time of a period, newest first; duration is in seconds.", sort="-startedAt"
    ).found_by("hours worked work tracked entries history what did I do today yesterday week"),
    entry.get("get_time_log", "One time log by id."),
    Tool(
        "add_time_log", "Log time by hand, mine unless an employee is named.", "time_tracking", add,
        f.listed(entry.columns), f.required(entry.columns), output=entry.output, hints=ADDS,
        hidden=f.hidden(entry.columns), keywords="enter record book hours worked manual entry forgot timer timesheet",
    ),
    Tool(
        "update_time_log", "Change times, project, task or text of a time log.", "time_tracking", update,
        {"id": f.UUID, **f.listed(_CHANGEABLE)}, ["id"], output=entry.output, hints=CHANGES,
        hidden={**f.hidden(_CHANGEABLE), "clear": {"type": "array", "items": {"type": "string"}}},
        keywords="correct fix edit move hours entry",
    ),
    Tool(
        "delete_time_log", "Delete a time log for good.", "time_tracking", delete, {"id": f.UUID}, ["id"],
        output=outputs.DELETED, hints=DELETES, keywords="remove tracked hours entry",
    ),
    slot.list(
        "list_time_slots", "Tracked time in steps of ten minutes, with keyboard and mouse activity.", sort="startedAt"
    ).found_by("how active idle screenshots activity level"),
]  # fmt: skip
