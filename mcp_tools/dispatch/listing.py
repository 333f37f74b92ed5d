"""tools/list: which tools a caller is shown, prepared once per revision and choice of toolsets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mcp_tools.catalog.tool import Catalog, Tool
from mcp_tools.dispatch.exchange import Exchange
from mcp_tools.dispatch.reply import Prepared
from mcp_tools.protocol import sieve
from mcp_tools.protocol.cursors import Cursors
from mcp_tools.protocol.messages import Request

CACHE_HINTS = {"ttlMs": 60_000, "cacheScope": "private"}
"""``private``, because what is listed may depend on who asks."""


class ToolList:
    def __init__(
        self,
        catalog: Catalog,
        toolsets: Sequence[str],
        cursors: Cursors,
        server_info: Mapping[str, Any],
        *,
        read_only: bool,
    ) -> None:
        self._tools = [tool for tool in catalog.listed(toolsets) if not read_only or tool.scope == "mcp.read"]
        self._cursors = cursors
        self._server_info = server_info
        self._prepared: dict[str, Prepared] = {}

    async def answer(self, request: Request, exchange: Exchange) -> Prepared | dict[str, Any]:
        cursor = request.params.get("cursor")
        if cursor is not None:
            return self._page(cursor, exchange.revision)
        prepared = self._prepared.get(exchange.revision)
        if prepared is None:
            prepared = self._prepared[exchange.revision] = Prepared(self._page(None, exchange.revision))
        return prepared

    def _page(self, cursor: object, revision: str) -> dict[str, Any]:
        tools, following = self._cursors.page("tools", self._tools, cursor)
        result: dict[str, Any] = {"tools": [describe(tool, revision) for tool in tools]}
        if following is not None:
            result["nextCursor"] = following
        return sieve.complete(result, revision, self._server_info, CACHE_HINTS)


def describe(tool: Tool, revision: str) -> dict[str, Any]:
    """The MCP Tool object of ``tool`` as ``revision`` knows it."""
    shown: dict[str, Any] = {
        "name": tool.name,
        "title": tool.title,
        "description": tool.description,
        "inputSchema": tool.input_schema,
        "outputSchema": tool.output_schema,
        "annotations": tool.annotations,
    }
    return sieve.known_fields(
        {key: value for key, value in shown.items() if value is not None}, sieve.TOOL_FIELD_SINCE, revision
    )
