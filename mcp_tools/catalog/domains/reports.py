"""Gauzy's built-in reports and which of them are in the organization's menu (Gauzy route ``/report``)."""

from __future__ import annotations

from typing import Any

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs
from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.entity import Entity
from mcp_tools.catalog.local import Local, containing
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import owner
from mcp_tools.catalog.rows import page, rows_of
from mcp_tools.catalog.styles import Flat
from mcp_tools.catalog.tool import Tool, ToolError

report = Entity(
    "report",
    "/report",
    "reports",
    columns={},
    # The route ignores every filter.
    local={
        "search": containing("name", "description"),
        "category": containing("category.name", about="Time Tracking, Payments, Time Off, Invoicing"),
        "categoryId": Local(f.ref().as_unlisted(), lambda row, value: row.get("categoryId") == value),
        "showInMenu": Local(f.boolean(), lambda row, value: bool(row.get("showInMenu")) is value),
    },
    shows={
        "name": "string",
        "slug": "string",
        "description": "string",
        "showInMenu": "boolean",
        "categoryId": "string",
    },
    names={"categoryName": "category.name"},
    include=("category",),
    style=Flat(),
)
CATEGORY = outputs.item({}, {"name": "string", "iconClass": "string"}, {})
SWITCH = f.properties({"reportId": f.ref(), "isEnabled": f.boolean("In the menu")})
SWITCHED = {
    "id": {"type": "string"},
    "reportId": {"type": "string"},
    "isEnabled": {"type": "boolean"},
    "name": {"type": "string"},
}


async def categories(context: ToolContext, arguments: dict[str, Any]) -> Any:
    rows, total = rows_of(await context.gauzy.request("GET", path_to("/report/category")))
    return page(rows, total, {"limit": total})


async def menu(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """Without the organization Gauzy answers an empty menu."""
    query = [*owner(await context.gauzy.identity()).items()]
    rows, total = rows_of(await context.gauzy.request("GET", path_to("/report/menu-items"), query=query))
    return page(rows, total, {"limit": total})


async def switch(context: ToolContext, arguments: dict[str, Any]) -> Any:
    gauzy, report_id = context.gauzy, arguments["reportId"]
    rows, _ = await report.every(gauzy, {})
    name = next((row["name"] for row in rows if row["id"] == report_id), None)
    if name is None:
        raise ToolError(f"Gauzy has no report {report_id}; get_reports lists them")
    body = {**owner(await gauzy.identity()), "reportId": report_id, "isEnabled": arguments["isEnabled"]}
    answer = await gauzy.request("POST", path_to("/report/menu-item"), body=body)
    return {key: answer[key] for key in ("id", "reportId", "isEnabled")} | {"name": name}


TOOLS = [
    report.list("get_reports", "The built-in reports, by name, category or place in the menu."),
    Tool(
        "get_report_categories", "The categories of reports.", "reports", categories,
        effect="reads", output=outputs.listed(CATEGORY),
    ),
    Tool(
        "get_report_menu_items", "The reports in the menu.", "reports", menu, effect="reads",
        output=outputs.listed(report.item),
    ),
    Tool(
        "update_report_menu", "Put a report into the organization's menu, or take it out.", "reports", switch,
        SWITCH, [*SWITCH], output={"properties": SWITCHED}, effect="changes", keywords="show hide enable disable",
    ),
]  # fmt: skip
