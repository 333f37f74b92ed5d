"""How much was worked, computed from the time logs: Gauzy's own statistics count a log once for each of its slots."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import periods
from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.domains.time_logs import WHOSE, entry, pairs
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.periods import Period
from mcp_tools.catalog.rows import Row, Rows, follow, page
from mcp_tools.catalog.tool import Run, Tool, ToolError

ASKED: Final = {**periods.arguments("this_week"), **WHOSE}
GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    "project": {"projectId": "projectId", "projectName": "project.name"},
    "employee": {"employeeId": "employeeId", "employeeName": "employee.fullName"},
    "client": {"contactId": "organizationContactId", "clientName": "organizationContact.name"},
    "task": {"taskId": "taskId", "taskTitle": "task.title"},
    "day": {},
}
"""What time can be added up by: the fields of a group and where a log has them. A log counts for the day it began."""

ROW: Final = {
    "type": "object",
    "properties": {
        **{name: {"type": "string"} for group in GROUPS.values() for name in group},
        "day": {"type": "string"},
        **{name: {"type": "number"} for name in ("hours", "billableHours", "percent")},
    },
}
TOTALS: Final[Mapping[str, Any]] = {
    "properties": {
        "period": periods.OUTPUT,
        "hours": {"type": "number"},
        "billableHours": {"type": "number"},
        "logs": {"type": "integer"},
        "items": {"type": "array", "items": ROW},
    },
    "required": ["period", "hours", "logs", "items"],
}


async def logs(
    context: ToolContext, arguments: Mapping[str, Any], default: str = "this_week"
) -> tuple[Period, Rows]:  # fmt: skip
    """The time logs of the period that is asked for, ``default`` unless one is; and that period."""
    period = periods.asked(arguments, await context.gauzy.identity(), default, context.gauzy.now())
    days = {"from": str(period.first), "to": str(period.last)}
    rows, _ = await entry.every(context.gauzy, {**arguments, **days})
    return period, rows


def _by(keys: Sequence[str]) -> Run:
    """Totals, one row for each that is different in ``keys``; an argument ``groupBy`` takes their place."""

    async def run(context: ToolContext, arguments: dict[str, Any]) -> Any:
        period, rows = await logs(context, arguments)
        groups = [arguments["groupBy"]] if "groupBy" in arguments else keys
        return {"period": period.to_dict(), **worked(rows), "logs": len(rows), "items": grouped(rows, groups, period)}

    return run


def grouped(rows: Rows, keys: Sequence[str], period: Period) -> Rows:
    """One row of totals for each that is different in ``keys`` (see GROUPS); most time first, days in their order."""
    found: dict[tuple[Any, ...], Rows] = {}
    for row in rows:
        found.setdefault(tuple(_value(row, key, period) for key in keys), []).append(row)
    total = _seconds(rows) or 1
    made = [
        {**_told(group[0], keys, period), **worked(group), "percent": round(100 * _seconds(group) / total, 1)}
        for group in found.values()
    ]
    return sorted(made, key=lambda row: (row.get("day", ""), -row["hours"]))


def _value(row: Row, key: str, period: Period) -> Any:
    return str(period.day_of(row["startedAt"])) if key == "day" else follow(row, next(iter(GROUPS[key].values())))


def _told(row: Row, keys: Sequence[str], period: Period) -> Row:
    told: Row = {"day": _value(row, "day", period)} if "day" in keys else {}
    for key in keys:
        told |= {name: value for name, path in GROUPS[key].items() if (value := follow(row, path)) is not None}
    return told


def _seconds(rows: Rows) -> float:
    return sum(float(row.get("duration") or 0) for row in rows)


def worked(rows: Rows) -> Row:
    """``hours`` of some logs, and ``billableHours`` among them."""
    billable = [row for row in rows if row.get("isBillable")]
    return {"hours": _hours(_seconds(rows)), "billableHours": _hours(_seconds(billable))}


def _hours(seconds: float) -> float:
    return round(seconds / 3600, 2)


async def report(context: ToolContext, arguments: dict[str, Any]) -> Any:
    period, rows = await logs(context, arguments)
    found = grouped(rows, ("day", "employee", "project", "task"), period)
    number, limit = arguments.get("page", 1), arguments.get("limit", 50)
    shown = found[(number - 1) * limit : number * limit]
    asked = {"page": number, "limit": limit, **({"fields": arguments["fields"]} if "fields" in arguments else {})}
    return {"period": period.to_dict(), **worked(rows), **page(shown, len(found), asked)}


async def activity(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``/timesheet/statistics/counts`` is not inflated; ``…/activities`` gives five programs."""
    gauzy = context.gauzy
    period = periods.asked(arguments, await gauzy.identity(), "this_week", gauzy.now())
    query = await pairs(gauzy, ASKED, arguments, "this_week")
    counts, programs = await asyncio.gather(
        gauzy.request("GET", path_to("/timesheet/statistics/counts"), query=query),
        gauzy.request("GET", path_to("/timesheet/statistics/activities"), query=query),
    )
    if not isinstance(counts, dict) or not isinstance(programs, list):
        raise ToolError("Gauzy answered without the figures that were asked for; try again later")
    used = [
        {"title": row["title"], "hours": _hours(float(row["duration"])), "percent": _number(row["durationPercentage"])}
        for row in programs
    ]
    hours = _hours(_number(counts["weekDuration"]))
    return {"period": period.to_dict(), **_figures(counts), "hours": hours, "programs": used}


async def dashboard(context: ToolContext, arguments: dict[str, Any]) -> Any:
    query = await pairs(context.gauzy, ASKED, arguments, "this_week")
    (period, rows), counts = await asyncio.gather(
        logs(context, arguments), context.gauzy.request("GET", path_to("/timesheet/statistics/counts"), query=query)
    )
    figures = _figures(counts) if isinstance(counts, dict) else {}
    tops = {f"top{key.capitalize()}s": grouped(rows, [key], period)[:TOP] for key in ("project", "employee", "task")}
    return {"period": period.to_dict(), **figures, **worked(rows), "logs": len(rows), **tops}


TOP: Final = 5


def _figures(counts: Row) -> Row:
    return {
        "employees": counts["employeesCount"],
        "projects": counts["projectsCount"],
        "activityPercent": _number(counts["weekActivities"]),
    }


def _number(value: Any) -> float:
    """Sums come as text from PostgreSQL."""
    return round(float(value or 0), 2)


FIGURES: Final = {
    "period": periods.OUTPUT,
    **{name: {"type": "number"} for name in ("hours", "employees", "projects", "activityPercent")},
}
PAGED: Final[Mapping[str, Mapping[str, Any]]] = {
    "page": {"type": "integer", "minimum": 1},
    "limit": {"type": "integer", "minimum": 1, "maximum": 500, "description": "Default 50"},
    "fields": {"type": "array", "items": {"type": "string"}},
    "format": {"type": "string", "enum": ["json", "table", "csv"]},
}


def _tool(name: str, about: str, run: Run, output: Mapping[str, Any], words: str, **more: Mapping[str, Any]) -> Tool:
    properties = {**f.listed(ASKED), **more}
    return Tool(
        name, about, "time_tracking", run, properties, effect="reads", output=output, hidden=f.hidden(ASKED),
        keywords=words
    )  # fmt: skip


TOOLS = [
    _tool(
        "get_time_totals",
        "Hours worked in a period, in all and by project, employee, client, task or day. A running timer is left out.",
        _by(["project"]), TOTALS, "how much time did I work tracked sum overtime billable this week month",
        groupBy={"type": "string", "enum": [*GROUPS], "default": "project"},
    ),
    _tool(
        "get_time_totals_by_employee", "Hours of each employee in a period.", _by(["employee"]), TOTALS,
        "who worked most per person team members",
    ),
    _tool(
        "get_time_totals_by_project", "Hours on each project in a period.", _by(["project"]), TOTALS,
        "how much time per project spent",
    ),
    _tool(
        "get_time_report", "Hours by day, employee, project and task, for a report or an invoice.", report,
        {"properties": {
            **TOTALS["properties"], "total": {"type": "integer"}, "page": {"type": "integer"},
            "has_more": {"type": "boolean"},
        }, "required": ["period", "hours", "items"]},
        "timesheet export detailed daily weekly csv", **PAGED,
    ),
    _tool(
        "get_activity_summary", "How active people were, and the programs and sites they used most.", activity,
        {"properties": {**FIGURES, "programs": {"type": "array", "items": {
            "type": "object",
            "properties": {"title": {"type": "string"}, "hours": {"type": "number"}, "percent": {"type": "number"}},
        }}}, "required": ["period", "hours"]},
        "applications apps websites keyboard mouse productivity idle",
    ),
    _tool(
        "get_dashboard_statistics", "The figures of a period: hours, people, activity, top projects and tasks.",
        dashboard,
        {"properties": {
            **FIGURES, "billableHours": {"type": "number"}, "logs": {"type": "integer"},
            **{name: {"type": "array", "items": ROW} for name in ("topProjects", "topEmployees", "topTasks")},
        }, "required": ["period", "hours"]},
        "overview summary how is the company doing kpi",
    ),
]  # fmt: skip
