"""Reaching every tool without listing them all: search for one, then call it by name."""

from __future__ import annotations

from typing import Any

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.tool import Tool

FOUND = {
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "description": {"type": "string"},
                    "toolset": {"type": "string"},
                    "inputSchema": {"type": "object"},
                },
            },
        },
    },
    "required": ["items"],
}


async def search(context: ToolContext, arguments: dict[str, Any]) -> Any:
    return {"items": list(context.search_tools(arguments["query"], arguments.get("limit", 5)))}


async def unreachable(context: ToolContext, arguments: dict[str, Any]) -> Any:
    raise AssertionError("the dispatcher runs the tool that is named instead")


TOOLS = [
    Tool(
        "search_tools",
        "Find a tool for anything in Gauzy: invoices, expenses, deals, time off… Answers schemas for call_tool.",
        "discovery", search,
        f.properties({"query": f.text("What to do, in words"), "limit": f.integer(minimum=1, maximum=20)}), ["query"],
        effect="reads", output=FOUND, kind="local",
    ),
    Tool(
        "call_tool", "Call a tool that search_tools found.", "discovery", unreachable,
        {"name": {"type": "string"}, "arguments": {"type": "object"}}, ["name"],
        effect="deletes", reaches_outside=True, decides=True, idempotent=False, kind="local", scope="mcp.read",
        forwards=True,
    ),
]  # fmt: skip
