"""Time that is logged by hand: nothing overlaps, nothing lands on somebody else (``/timesheet/time-log``)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs, periods
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.domains.time_logs import entry
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.permissions import may_act_for_others
from mcp_tools.catalog.requests import body_of, owner
from mcp_tools.catalog.rows import Row, Rows, own_employee, project, rows_of
from mcp_tools.catalog.tool import Tool, ToolError
from mcp_tools.catalog.turns import turn

LOOK_BACK: Final = datetime.timedelta(days=7)
"""How much earlier than another a log may begin and still overlap it: Gauzy finds logs by their beginning alone."""
CHECKED: Final = {"projectId": "/organization-projects", "taskId": "/tasks", "contactId": "/organization-contact"}
"""Arguments that name a record, and where it is read: Gauzy refuses an unknown one without a reason."""


async def add(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``POST``, after a look whether anything else was logged at that time: Gauzy would store both."""
    gauzy, identity = context.gauzy, await context.gauzy.identity()
    employee_id = arguments.get("employeeId") or own_employee(identity)
    await _check_may_log_for(gauzy, employee_id, identity.employee_id)
    await _check_records(gauzy, arguments)
    written = {**body_of(entry.columns, arguments, with_defaults=True), "employeeId": employee_id}
    body = {**owner(identity), "logType": "MANUAL", "source": "BROWSER", **written}
    async with turn(f"time of {employee_id}"):
        await _check_free(gauzy, employee_id, arguments["startedAt"], arguments["stoppedAt"])
        made = await gauzy.request("POST", path_to(entry.path), body=body)
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
    async with turn(f"time of {current['employeeId']}"):
        if {"startedAt", "stoppedAt"} & changes.keys():
            await _check_free(gauzy, current["employeeId"], told["startedAt"], told["stoppedAt"], but=current["id"])
        await _put(context, current["id"], told)
    return project(await entry.read(gauzy, current["id"], entry.include), {}, entry.names, short=True)


async def _put(context: ToolContext, log_id: str, told: Mapping[str, Any]) -> None:
    gauzy = context.gauzy
    try:
        await gauzy.request(
            "PUT", path_to(entry.path + "/{id}", id=log_id), body={**owner(await gauzy.identity()), **told}
        )
    except context.failures:
        if not _is_stored(await entry.read(gauzy, log_id), told):
            raise


async def delete(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``DELETE`` of one log at a time: one that cannot be deleted makes Gauzy refuse all that are named with it."""
    gauzy, log_id = context.gauzy, arguments["id"]
    current = await entry.read(gauzy, log_id, ("timeSlots",))
    if current.get("isRunning"):
        raise ToolError("This log is of a timer that runs: call stop_timer first")
    if current.get("timeSlots") == []:
        raise ToolError("Gauzy cannot delete this log, for it has no time slots: it is too short to count as time")
    query = [*owner(await gauzy.identity()).items(), ("logIds[]", log_id), ("forceDelete", "true")]
    await gauzy.request("DELETE", path_to(entry.path), query=query)
    return {"id": log_id, "deleted": True}


async def _check_may_log_for(gauzy: Gauzy, employee_id: str, own_id: str) -> None:
    """Without the permission, what is logged for another becomes one's own. Raises ToolError for that."""
    if employee_id != own_id and not await may_act_for_others(gauzy):
        raise ToolError("You may log time for yourself only: Gauzy would make this log your own.")


async def _check_records(gauzy: Gauzy, arguments: Mapping[str, Any]) -> None:
    for name, path in CHECKED.items():
        if arguments.get(name):
            await gauzy.request("GET", path_to(path + "/{id}", id=arguments[name]))


async def _check_free(gauzy: Gauzy, employee_id: str, started: str, stopped: str, but: str | None = None) -> None:
    """Raises ToolError that names the log which overlaps, and for times in the wrong order."""
    begin, end = _moment(started), _moment(stopped)
    if begin >= end:
        raise ToolError("startedAt must be before stoppedAt")
    for row in [*await _logs_around(gauzy, employee_id, begin, end), *await _running(gauzy, employee_id)]:
        ends = gauzy.now() if row.get("isRunning") else _moment(row["stoppedAt"])
        if row["id"] != but and _moment(row["startedAt"]) < end and begin < ends:
            raise ToolError(
                f"This overlaps with {_described(row)}. Gauzy would count that time twice or damage that log: choose "
                "other times, or change that log with update_time_log"
            )


async def _logs_around(gauzy: Gauzy, employee_id: str, begin: datetime.datetime, end: datetime.datetime) -> Rows:
    query = [*owner(await gauzy.identity()).items(), ("employeeIds[]", employee_id)]
    query += [("startDate", periods.instant(begin - LOOK_BACK)), ("endDate", periods.instant(end))]
    query += [("relations[]", "project")]
    rows, _ = rows_of(await gauzy.request("GET", path_to(entry.path), query=query))
    return [row for row in rows if row.get("employeeId") == employee_id]


async def _running(gauzy: Gauzy, employee_id: str) -> Rows:
    """The log of a timer that runs, which the list leaves out."""
    query = [*owner(await gauzy.identity()).items(), ("employeeId", employee_id), ("relations[]", "project")]
    status = await gauzy.request("GET", path_to("/timesheet/timer/status"), query=query)
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
    Tool(
        "add_time_log", "Log time by hand, mine unless an employee is named.", "time_tracking", add,
        f.listed(entry.columns), f.required(entry.columns), output=entry.output, effect="adds",
        hidden=f.hidden(entry.columns), keywords="enter record book hours worked manual entry forgot timer timesheet",
    ),
    Tool(
        "update_time_log", "Change times, project, task or text of a time log.", "time_tracking", update,
        {"id": f.UUID, **f.listed(_CHANGEABLE)}, ["id"], output=entry.output, effect="changes",
        hidden={**f.hidden(_CHANGEABLE), "clear": {"type": "array", "items": {"type": "string"}}},
        keywords="correct fix edit move hours entry",
    ),
    Tool(
        "delete_time_log", "Delete a time log for good.", "time_tracking", delete, {"id": f.UUID}, ["id"],
        output=outputs.DELETED, effect="deletes", keywords="remove tracked hours entry",
    ),
]  # fmt: skip
