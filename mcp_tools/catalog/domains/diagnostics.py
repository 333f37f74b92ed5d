"""Whether everything works: the server, Gauzy, and the way between them."""

from __future__ import annotations

from typing import Any

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.tool import Tool

CONNECTION = {
    "properties": {
        "reachable": {"type": "boolean"},
        "status": {"type": "string"},
        "message": {"type": "string"},
        "milliseconds": {"type": "integer"},
        "account": {"type": "object"},
    },
    "required": ["reachable", "milliseconds"],
}
SERVER = {
    "properties": {
        "name": {"type": "string"},
        "version": {"type": "string"},
        "gauzy": {"type": "string"},
        "gauzyApp": {"type": "string"},
        "sandbox": {"type": "boolean"},
        "readOnly": {"type": "boolean"},
        "toolsets": {"type": "array", "items": {"type": "string"}},
        "protocolVersions": {"type": "array", "items": {"type": "string"}},
        "source": {"type": "string"},
        "license": {"type": "string"},
    }
}


async def connection(context: ToolContext, arguments: dict[str, Any]) -> Any:
    return {**await context.probe(), "account": await context.account.status()}


async def server(context: ToolContext, arguments: dict[str, Any]) -> Any:
    return dict(context.describe_server())


async def capabilities(context: ToolContext, arguments: dict[str, Any]) -> Any:
    return {"session": dict(context.describe_session()), "server": dict(context.describe_server())}


TOOLS = [
    Tool(
        "test_api_connection", "Test whether Gauzy answers and who is signed in.", "diagnostics", connection,
        effect="reads", output=CONNECTION, kind="local", aliases=("test_connection",),
    ),
    Tool(
        "get_server_info", "Version and settings of this MCP server.", "diagnostics", server, effect="reads",
        output=SERVER,
        kind="local",
    ),
    Tool(
        "test_mcp_capabilities", "What this connection and this server can do.", "diagnostics", capabilities,
        effect="reads", output={"properties": {"session": {"type": "object"}, "server": SERVER | {"type": "object"}}},
        kind="local",
    ),
]  # fmt: skip
