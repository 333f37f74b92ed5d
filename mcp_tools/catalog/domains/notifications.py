"""What somebody was told and wants at hand (Gauzy routes ``/employee-notification``, ``/favorite``)."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs
from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.entity import Entity, mine
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import Pairs, owner
from mcp_tools.catalog.rows import Row, Rows, page, rows_of
from mcp_tools.catalog.styles import Offsets
from mcp_tools.catalog.tool import Tool

notification = Entity(
    "notification",
    "/employee-notification",
    "organization",
    columns={},
    filters={"isRead": f.boolean(), "type": f.text("Such as Assignment, Mention, Comment").as_unlisted(),
             "receiverEmployeeId": f.ref()},
    shows={
        "title": "string", "message": "string", "type": "string", "isRead": "boolean", "entity": "string",
        "entityId": "string", "sentByEmployeeId": "string",
    },
    style=Offsets(),
)  # fmt: skip


async def favorites(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``/favorite/employee`` gives ids alone, ``/favorite/type`` the records of one kind."""
    where = [(f"where[{name}]", value) for name, value in owner(await context.gauzy.identity()).items()]
    rows, _ = rows_of(await context.gauzy.request("GET", path_to("/favorite/employee"), query=where))
    wanted = [row for row in rows if arguments.get("entity") in (None, row["entity"])]
    kinds = dict.fromkeys(row["entity"] for row in wanted)
    lists = await asyncio.gather(*(_of_kind(context, [*where, ("where[entity]", kind)]) for kind in kinds))
    names = {row["id"]: _name(row) for rows in lists for row in rows}
    named = [
        {**{key: row[key] for key in ("id", "entity", "entityId")}, "name": names.get(row["entityId"])}
        for row in wanted
    ]
    return page(named, len(named), {"limit": len(named) or 1})


async def _of_kind(context: ToolContext, query: Pairs) -> Rows:
    """The favorite records of one kind; none of a kind that the caller may not see, whose ids are told all the same."""
    try:
        return rows_of(await context.gauzy.request("GET", path_to("/favorite/type"), query=query))[0]
    except context.failures:
        return []


def _name(row: Row) -> str | None:
    return row.get("name") or row.get("title") or row.get("fullName")


FAVORITE: Final = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("id", "entity", "entityId", "name")},
}

TOOLS = [
    Tool(
        "list_favorites", "My favorites and their names.", "organization", favorites,
        {"entity": {"type": "string", "enum": [
            "OrganizationProject", "Task", "OrganizationContact", "Employee", "OrganizationTeam", "OrganizationSprint",
        ]}},
        effect="reads", output=outputs.listed(FAVORITE), keywords="starred bookmarks pinned",
    ),
    notification.list(
        "list_notifications", "What I was told by Gauzy, newest first.", fixed=mine("receiverEmployeeId"),
        sort="-createdAt",
    ).found_by("messages inbox unread mentions news"),
]  # fmt: skip
