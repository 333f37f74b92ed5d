"""Time logs: what was worked, by timer or by hand (Gauzy route ``/timesheet/time-log``)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import periods
from mcp_tools.catalog.context import Gauzy
from mcp_tools.catalog.entity import Entity
from mcp_tools.catalog.local import Local, containing
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import Pairs, flat_pairs
from mcp_tools.catalog.rows import Row, Rows, own_employee, rows_of
from mcp_tools.catalog.styles import Asked
from mcp_tools.catalog.tool import ToolError

LOG_TYPES: Final = ("TRACKED", "MANUAL", "IDLE", "RESUMED")
SOURCES: Final = ("MOBILE", "BROWSER", "DESKTOP", "BROWSER_EXTENSION", "HUBSTAFF", "UPWORK", "TEAMS", "CLOC")

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
        rows, total = rows_of(await gauzy.request("GET", path_to(path), query=query))
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
        period = periods.asked(arguments, identity, default or "this_week", gauzy.now())
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


TOOLS = [
    entry.list(
        "list_time_logs", "Logged time of a period, newest first; duration is in seconds.", sort="-startedAt"
    ).found_by("hours worked work tracked entries history what did I do today yesterday week"),
    entry.get("get_time_log", "One time log by id."),
    slot.list(
        "list_time_slots", "Tracked time in steps of ten minutes, with keyboard and mouse activity.", sort="startedAt"
    ).found_by("how active idle screenshots activity level"),
]  # fmt: skip
