"""Who is employed, now or in a range of days (Gauzy route ``/employee/working``). Every role may ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs
from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.domains.employees import employee
from mcp_tools.catalog.entity import PAGING
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import owner
from mcp_tools.catalog.rows import page, rows_of
from mcp_tools.catalog.tool import Tool, ToolError

RANGE: Final = {"startDate": "start", "endDate": "end"}
"""The days of a range, and what earlier clients call them."""
ASKED: Final = f.properties({"startDate": f.date("Employed between"), "endDate": f.date()})
ASKED_BEFORE: Final = f.properties({name: f.moment() for name in RANGE.values()})


async def working(context: ToolContext, arguments: dict[str, Any]) -> Any:
    rows, total = rows_of(await _employed(context, "", arguments))
    number, limit = arguments.get("page", 1), arguments.get("limit", 10)
    shown = rows[(number - 1) * limit : number * limit]
    return page(shown, total, arguments, employee.names)


async def count(context: ToolContext, arguments: dict[str, Any]) -> Any:
    return {"count": (await _employed(context, "/count", arguments))["total"]}


async def _employed(context: ToolContext, route: str, arguments: Mapping[str, Any]) -> Any:
    find: dict[str, Any] = {**owner(await context.gauzy.identity()), "withUser": True}
    days = [arguments.get(name) or arguments.get(old, "")[:10] for name, old in RANGE.items()]
    if any(days):
        if not all(days) or days[0] > days[1]:
            raise ToolError("Give both startDate and endDate, the earlier first, or neither.")
        find["forRange"] = {name: f"{day}T00:00:00.000Z" for name, day in zip(RANGE, days, strict=True)}
    query = [("data", orjson.dumps({"findInput": find}).decode())]
    return await context.gauzy.request("GET", path_to("/employee/working" + route), query=query)


TOOLS = [
    Tool(
        "get_working_employees", "Who is employed, now or in a range of days.", "employees", working,
        {**ASKED, **PAGING}, effect="reads", output=outputs.listed(employee.item), hidden=ASKED_BEFORE,
        wrapper="forRange",
    ),
    Tool(
        "get_working_employees_count", "How many people are employed, now or in a range of days.", "employees", count,
        ASKED, effect="reads", output=outputs.COUNT, hidden=ASKED_BEFORE, wrapper="forRange", keywords="headcount",
    ),
]  # fmt: skip
