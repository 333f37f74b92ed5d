"""Figures about tracked time (Gauzy routes ``/timesheet/statistics``)."""

from __future__ import annotations

import datetime
from typing import Any, Final

from mcp_tools.sandbox.domains.timesheets import instant_of, logs_of, seconds, slots_of
from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.http import Call, Reply
from mcp_tools.sandbox.routing import get
from mcp_tools.sandbox.store import Row, iso

VIEW: Final = ("ADMIN_DASHBOARD_VIEW", "TIME_TRACKER", "ALL_ORG_EDIT", "ALL_ORG_VIEW")
PROGRAMS: Final = {
    "Visual Studio Code": 0.31, "Firefox": 0.22, "Slack": 0.14, "Figma": 0.1, "LibreOffice Calc": 0.06, "Zoom": 0.04,
}  # fmt: skip
"""What people used, with its share of the tracked time."""
MOST: Final = 5


def counts(call: Call) -> Reply:
    """People, projects, activity in percent and seconds, of the period and of a day in it."""
    rows = _mine(call)
    today = _of_today(call, rows)
    return Reply(200, {
        "employeesCount": len({row["employeeId"] for row in rows}),
        "projectsCount": len({row["projectId"] for row in rows} - {None}),
        "weekActivities": _activity(rows), "weekDuration": sum(map(seconds, rows)),
        "todayActivities": _activity(today), "todayDuration": sum(map(seconds, today)),
    })  # fmt: skip


def members(call: Call) -> Reply:
    """Per person. The outer duration counts every log once for each of its time slots: it is far too large."""
    rows = _mine(call)
    return Reply(
        200, [_member(call, employee_id, rows) for employee_id in dict.fromkeys(r["employeeId"] for r in rows)]
    )


def _member(call: Call, employee_id: str, rows: list[Row]) -> Row:
    own = [row for row in rows if row["employeeId"] == employee_id]
    inflated = sum(seconds(row) * len(slots_of(row)) for row in own)
    employee = call.store.find("Employee", employee_id, call.tenant_id) or {}
    user = Entity.known["Employee"].shown(call.store, employee, {"user": {}})["user"] if employee else {}
    days: dict[int, int] = {}
    for row in own:
        day = datetime.datetime.fromisoformat(row["startedAt"]).isoweekday() % 7
        days[day] = days.get(day, 0) + seconds(row) * len(slots_of(row))
    return {
        "id": employee_id, "duration": inflated, "isOnline": 0, "isAway": 0, "weekTime": _time(employee_id, own),
        "todayTime": _time(employee_id, _of_today(call, own)),
        "user": {"name": user.get("name"), "imageUrl": user.get("imageUrl")},
        "weekHours": [{"duration": total, "day": str(day)} for day, total in sorted(days.items())],
    }  # fmt: skip


def _time(employee_id: str, rows: list[Row]) -> Row:
    return {"employeeId": employee_id, "duration": sum(map(seconds, rows)), "overall": str(_activity(rows))}


def activities(call: Call) -> Reply:
    """The programs and sites used most."""
    total = sum(map(seconds, _mine(call)))
    shown: list[dict[str, Any]] = [
        {"sessions": 1 + total // 20000, "duration": int(total * share), "title": title,
         "durationPercentage": share * 100}
        for title, share in PROGRAMS.items() if total
    ]  # fmt: skip
    return Reply(200, shown[:MOST])


def projects(call: Call) -> Reply:
    """Five projects, not the ones with most time, whatever ``take`` says."""
    rows = [row for row in _mine(call) if row["projectId"]]
    total = sum(map(seconds, rows)) or 1
    sums: dict[str, int] = {}
    for row in rows:
        sums[row["projectId"]] = sums.get(row["projectId"], 0) + seconds(row)
    return Reply(200, [
        {"name": found["name"], "id": found["id"], "duration": sums[found["id"]],
         "durationPercentage": round(100 * sums[found["id"]] / total, 2)}
        for key in sorted(sums) if (found := call.store.find("OrganizationProject", key, call.tenant_id))
    ][:MOST])  # fmt: skip


def _mine(call: Call) -> list[Row]:
    """The logs that count: those of the caller alone, unless he may select employees."""
    rows = logs_of(call)
    return rows if call.may("CHANGE_SELECTED_EMPLOYEE") else [r for r in rows if r["employeeId"] == call.employee_id]


def _of_today(call: Call, rows: list[Row]) -> list[Row]:
    midnight = call.store.clock().replace(hour=0, minute=0, second=0, microsecond=0)
    begin = instant_of(call.query.get("todayStart")) or iso(midnight)
    end = instant_of(call.query.get("todayEnd")) or iso(midnight + datetime.timedelta(days=1))
    return [row for row in rows if begin <= row["startedAt"] <= end]


def _activity(rows: list[Row]) -> float:
    parts = [part for row in rows for part in slots_of(row)]
    total = sum(part["duration"] for part in parts)
    return round(100 * sum(part["overall"] for part in parts) / total, 2) if total else 0


ROUTES = [
    get("/timesheet/statistics/counts", counts, *VIEW),
    get("/timesheet/statistics/members", members, *VIEW),
    get("/timesheet/statistics/activities", activities, *VIEW),
    get("/timesheet/statistics/projects", projects, *VIEW),
]
