"""What an employee did in a period, computed from the time logs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs, periods
from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.domains.employees import employee
from mcp_tools.catalog.domains.tasks import task
from mcp_tools.catalog.domains.time_logs import entry
from mcp_tools.catalog.rows import Row, Rows, follow
from mcp_tools.catalog.tool import Tool, ToolError

TOP: Final = 5
ASKED: Final = {"employeeId": f.ref(required=True), **periods.arguments("this_month")}
BEFORE: Final = f.properties({"startDate": f.text(), "endDate": f.text()})
"""What earlier clients call ``from`` and ``to``."""

SPENT: Final = {"type": "array", "items": outputs.item({}, {"name": "string", "hours": "number"}, {})}
OUTPUT: Final = {
    "properties": {
        "employeeId": {"type": "string"},
        "name": {"type": ["string", "null"]},
        "period": periods.OUTPUT,
        "hours": {"type": "number"},
        "daysWorked": {"type": "integer"},
        "topProjects": SPENT,
        "topTasks": SPENT,
        "assignedTasks": {"type": "integer"},
    },
    "required": ["employeeId", "period", "hours"],
}


async def statistics(context: ToolContext, arguments: dict[str, Any]) -> Any:
    gauzy, employee_id = context.gauzy, arguments["employeeId"]
    identity = await gauzy.identity()
    person = await employee.read(gauzy, employee_id, employee.include)
    period = periods.asked(_days(arguments), identity, "this_month", gauzy.now())
    days = {"from": str(period.first), "to": str(period.last), "timeZone": str(period.zone)}
    rows, _ = await entry.every(gauzy, {"employeeId": employee_id, **days})
    if not rows and identity.role == "EMPLOYEE" and employee_id != identity.employee_id:
        raise ToolError("There is no time of that employee that your role may see.")
    return {
        "employeeId": employee_id,
        "name": follow(person, "user.name"),
        "period": period.to_dict(),
        "hours": _hours(rows),
        "daysWorked": len({period.day_of(row["startedAt"]) for row in rows}),
        "topProjects": _top(rows, "projectId", "project.name"),
        "topTasks": _top(rows, "taskId", "task.title"),
        "assignedTasks": (await task.find(gauzy, {"employeeId": employee_id, "limit": 1}))[1],
    }


def _days(arguments: Mapping[str, Any]) -> dict[str, Any]:
    before = {"from": arguments.get("startDate"), "to": arguments.get("endDate")}
    return {**{name: value[:10] for name, value in before.items() if value}, **arguments}


def _top(rows: Rows, key: str, name: str) -> list[Row]:
    groups: dict[str, Rows] = {}
    for row in rows:
        if row.get(key):
            groups.setdefault(row[key], []).append(row)
    told = [{"id": item, "name": follow(own[0], name), "hours": _hours(own)} for item, own in groups.items()]
    return sorted(told, key=lambda row: -float(row["hours"] or 0))[:TOP]


def _hours(rows: Rows) -> float:
    return round(sum(float(row.get("duration") or 0) for row in rows) / 3600, 2)


TOOLS = [
    Tool(
        "get_employee_statistics", "Hours, top projects and tasks of an employee in a period.", "employees",
        statistics, f.listed(ASKED), f.required(ASKED), effect="reads", output=OUTPUT,
        hidden={**f.hidden(ASKED), **BEFORE},
        keywords="performance productivity",
    ),
]  # fmt: skip
