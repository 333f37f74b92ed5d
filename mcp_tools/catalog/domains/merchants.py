"""Merchants (Gauzy route ``/merchants``).

In Gauzy's version of 2026-06 every one of these routes fails, with a message under the status of success, which the
caller is told.
"""

from __future__ import annotations

from typing import Any

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.entity import Entity
from mcp_tools.catalog.local import Local, containing
from mcp_tools.catalog.rows import project
from mcp_tools.catalog.texts import composed
from mcp_tools.catalog.tool import Run, Tool

merchant = Entity(
    "merchant",
    "/merchants",
    "merchants",
    columns={
        "name": f.text(required=True),
        "code": f.text(required=True),
        "email": f.text(format="email", required=True),
        "currency": f.text("ISO code", required=True, max_length=3),
        "phone": f.text(),
        "description": f.text(),
        "active": f.boolean(),
        "tagIds": f.refs(column="tags[].id").as_unlisted(),
        "warehouseIds": f.refs(column="warehouses[].id").as_unlisted(),
    },
    filters={"active": f.boolean(), "currency": f.text().as_unlisted()},
    local={
        "query": containing("name", "code", "email", "description"),
        # On /pagination Gauzy takes a code of digits for true.
        "code": Local(f.text(), lambda row, code: composed(str(row.get("code"))) == code),
    },
    shows={"contactId": "string", "logoId": "string"},
    sort=("name", "code", "email", "createdAt", "active"),
    relations=("contact", "tags", "warehouses", "logo"),
    merge=("name", "code", "email", "currency"),
    wrapper="merchant_data",
)


def _switch(active: bool) -> Run:
    """Gauzy has no archive of merchants; ``active`` is the switch that can be turned back."""

    async def run(context: ToolContext, arguments: dict[str, Any]) -> Any:
        return project(await merchant.change(context.gauzy, {"id": arguments["id"], "active": active}), {})

    return run


def _switching(name: str, description: str, run: Run) -> Tool:
    return Tool(
        name, description, "merchants", run, {"id": f.UUID}, ["id"], output=merchant.output, effect="changes"
    )  # fmt: skip


TOOLS = [
    merchant.list("get_merchants", "Merchants page by page.", without=("query", "code")).found_by("shop seller store"),
    merchant.count("get_merchant_count", "How many merchants there are.", without=("query", "code")),
    merchant.get("get_merchant", "One merchant by id."),
    merchant.create("create_merchant", "Add a merchant."),
    merchant.update("update_merchant", "Change a merchant."),
    merchant.delete("delete_merchant", "Delete a merchant for good."),
    _switching("archive_merchant", "Make a merchant inactive.", _switch(active=False)),
    _switching("restore_merchant", "Make a merchant active again.", _switch(active=True)),
    merchant.list(
        "get_merchant_by_code", "Merchants that have a code.", require=("code",), without=("query", "active")
    ),
    merchant.list("search_merchants", "Merchants that a text mentions.", require=("query",), without=("code",)),
    merchant.statistics("get_merchant_statistics", "Merchants per currency and state.", by=("active", "currency")),
    merchant.bulk_create("bulk_create_merchants", "Add up to 50 merchants.", "merchants"),
    merchant.list("get_active_merchants", "Active merchants.", fixed={"active": True}, without=("query", "code")),
    merchant.list("get_archived_merchants", "Inactive merchants.", fixed={"active": False}, without=("query", "code")),
]
