"""Weekly timesheets and their approval (Gauzy route ``/timesheet``)."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs, periods
from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.domains.time_logs import OfPeriod
from mcp_tools.catalog.entity import Entity
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import owner
from mcp_tools.catalog.rows import Row, page
from mcp_tools.catalog.tool import Run, Tool

STATUSES: Final = ("DRAFT", "PENDING", "IN REVIEW", "DENIED", "APPROVED")
MOST: Final = 50

sheet = Entity(
    "timesheet",
    "/timesheet",
    "time_tracking",
    columns={},
    filters={
        **periods.arguments(None),
        "employeeId": f.ref(where="employeeIds[]"),
        "status": f.choice(*STATUSES, where="status[]"),
    },
    shows={
        "startedAt": "string", "stoppedAt": "string", "duration": "number", "status": "string", "employeeId": "string",
        "submittedAt": "string", "approvedAt": "string", "approvedById": "string", "isBilled": "boolean",
    },
    names={"employeeName": "employee.fullName"},
    include=("employee.user",),
    style=OfPeriod(None),
)  # fmt: skip


def _deciding(route: str, argument: str) -> Run:
    """One PUT for all ids. Its answer tells little, and for some nothing at all: the timesheets are read back."""

    async def run(context: ToolContext, arguments: dict[str, Any]) -> Any:
        gauzy, ids = context.gauzy, list(dict.fromkeys(arguments["ids"]))
        rows: list[Row] = await asyncio.gather(*(sheet.read(gauzy, one) for one in ids))
        body = {**owner(await gauzy.identity()), "ids": ids, "status": arguments[argument]}
        await gauzy.request("PUT", path_to(sheet.path + "/" + route), body=body)
        rows = await asyncio.gather(*(sheet.read(gauzy, one) for one in ids))
        return page(rows, len(rows), {"limit": MOST}, sheet.names)

    return run


IDS: Final = {"ids": {"type": "array", "items": f.UUID, "minItems": 1, "maxItems": MOST}}
TOOLS = [
    sheet.list(
        "list_timesheets", "Weekly timesheets, by employee, status or period; for people who approve them.",
        sort="-startedAt",
    ).found_by("approve approval pending waiting submitted hours week review"),
    Tool(
        "set_timesheet_status", "Approve, deny or reopen timesheets.", "time_tracking", _deciding("status", "status"),
        {**IDS, "status": {"type": "string", "enum": [*STATUSES]}}, ["ids", "status"],
        output=outputs.listed(sheet.item), effect="changes", decides=True, reaches_outside=True,
        keywords="approve timesheets week reject accept sign off",
    ),
    Tool(
        "submit_timesheets", "Hand timesheets in for approval, or take them back; their status stays.",
        "time_tracking", _deciding("submit", "action"),
        {**IDS, "action": {"type": "string", "enum": ["submit", "unsubmit"]}}, ["ids", "action"],
        output=outputs.listed(sheet.item), effect="changes", reaches_outside=True, keywords="send in withdraw",
    ),
]  # fmt: skip
