"""How many days people take off, counted from their requests: Gauzy keeps neither a balance nor an allowance."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs
from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.domains.time_off import day_of, off
from mcp_tools.catalog.rows import Row, Rows, follow, own_employee
from mcp_tools.catalog.tool import Run, Tool


def _balance(*, own: bool) -> Run:
    """Days taken and asked for in a year. No policy of Gauzy's says how many there are to take."""

    async def run(context: ToolContext, arguments: dict[str, Any]) -> Any:
        identity = await context.gauzy.identity()
        employee_id = own_employee(identity) if own else arguments["employeeId"]
        year = arguments.get("year") or context.gauzy.now().year
        days = {"startDate": f"{year:04}-01-01", "endDate": f"{year:04}-12-31"}
        rows, _ = await off.every(context.gauzy, {**arguments, **days, "employeeId": employee_id})
        policies = [
            {"policyId": key, "policyName": name, **_used([row for row in rows if row.get("policyId") == key], year)}
            for key, name in {row.get("policyId"): follow(row, "policy.name") for row in rows}.items()
        ]
        return {"employeeId": employee_id, "year": year, **_used(rows, year), "policies": policies}

    return run


def _used(rows: Rows, year: int) -> Row:
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    return {
        name: sum(_days(row, first, last) for row in rows if row["status"] == status)
        for name, status in (("usedDays", "APPROVED"), ("pendingDays", "REQUESTED"))
    }


async def statistics(context: ToolContext, arguments: dict[str, Any]) -> Any:
    rows, _ = await off.every(context.gauzy, arguments)
    wanted = [arguments["groupBy"]] if "groupBy" in arguments else list(GROUPS)
    found = {name: _grouped(rows, GROUPS[name]) for name in wanted}
    return {"requests": len(rows), "days": sum(map(_days, rows)), "by": found}


GROUPS: Final[Mapping[str, Any]] = {
    "status": lambda row: [row["status"]],
    "employee": lambda row: follow(row, "employees[].fullName") or ["nobody"],
    "policy": lambda row: [follow(row, "policy.name") or "none"],
    "month": lambda row: [row["start"][:7]],
}


def _grouped(rows: Rows, keys: Any) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        for key in keys(row):
            group = found.setdefault(key, {"requests": 0, "days": 0})
            group["requests"] += 1
            group["days"] += _days(row)
    return dict(sorted(found.items()))


def _days(row: Row, first: datetime.date = datetime.date.min, last: datetime.date = datetime.date.max) -> int:
    """The calendar days of a request that lie between two days, both included."""
    begin, end = max(day_of(row["start"]), first), min(day_of(row["end"]), last)
    return max((end - begin).days + 1, 0)


YEAR: Final = {"policyId": f.UUID, "year": {"type": "integer", "minimum": 2000, "maximum": 2099}}
USED: Final = {"usedDays": {"type": "integer"}, "pendingDays": {"type": "integer"}}
BALANCE: Final = {
    "properties": {
        "employeeId": {"type": "string"}, "year": {"type": "integer"}, **USED,
        "policies": {"type": "array", "items": {"type": "object", "properties": {
            "policyId": outputs.nullable("string"), "policyName": outputs.nullable("string"), **USED,
        }}},
    },
    "required": ["employeeId", "year", "usedDays", "pendingDays"],
}  # fmt: skip
COUNTED: Final = f.listed(off.asked)

TOOLS = [
    Tool(
        "get_time_off_balance", "Days off taken and asked for in a year; Gauzy keeps no allowance.", "time_off",
        _balance(own=False), {"employeeId": f.UUID, **YEAR}, ["employeeId"], effect="reads", output=BALANCE,
        keywords="how many vacation holiday days left remaining entitlement used",
    ),
    Tool(
        "get_my_time_off_balance", "My days off, taken and asked for in a year.", "time_off", _balance(own=True), YEAR,
        effect="reads", output=BALANCE, keywords="how many vacation holiday days left remaining entitlement used",
    ),
    Tool(
        "get_time_off_statistics", "Requests and days off by status, employee, policy and month.", "time_off",
        statistics, {**COUNTED, "groupBy": {"type": "string", "enum": [*GROUPS]}},
        effect="reads", output={"properties": {
            "requests": {"type": "integer"}, "days": {"type": "integer"}, "by": {"type": "object"},
        }, "required": ["requests", "days"]},
    ),
]  # fmt: skip
