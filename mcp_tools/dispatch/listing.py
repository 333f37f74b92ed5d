"""The four lists: which tools, prompts, resources and templates a caller is shown, prepared once per revision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mcp_tools.catalog.changes import Changing
from mcp_tools.catalog.prompts import Prompts
from mcp_tools.catalog.resources import Resources
from mcp_tools.catalog.tool import Catalog, Tool
from mcp_tools.dispatch.exchange import Exchange
from mcp_tools.dispatch.reply import Prepared
from mcp_tools.protocol import sieve
from mcp_tools.protocol.cursors import Cursors
from mcp_tools.protocol.messages import Request

CACHE_HINTS = {"ttlMs": 60_000, "cacheScope": "private"}
"""``private``, because what is listed may depend on who asks."""

Describe = Callable[[str], Sequence[Mapping[str, Any]]]
"""Answers the MCP objects to list, as a revision knows them."""


class Listing:
    """One list. ``name`` is the key of its items in the answer; ``source`` says when they changed."""

    def __init__(
        self, name: str, source: Changing, describe: Describe, cursors: Cursors, server_info: Mapping[str, Any]
    ) -> None:
        self._name = name
        self._source = source
        self._describe = describe
        self._cursors = cursors
        self._server_info = server_info
        self._prepared: dict[str, tuple[int, Prepared]] = {}

    async def answer(self, request: Request, exchange: Exchange) -> Prepared | dict[str, Any]:
        cursor = request.params.get("cursor")
        if cursor is not None:
            return self._page(cursor, exchange.revision)
        version, prepared = self._prepared.get(exchange.revision, (-1, None))
        if prepared is None or version != self._source.version:
            prepared = Prepared(self._page(None, exchange.revision))
            self._prepared[exchange.revision] = (self._source.version, prepared)
        return prepared

    def _page(self, cursor: object, revision: str) -> dict[str, Any]:
        items, following = self._cursors.page(self._name, self._describe(revision), cursor)
        result: dict[str, Any] = {self._name: items}
        if following is not None:
            result["nextCursor"] = following
        return sieve.complete(result, revision, self._server_info, CACHE_HINTS)


def tools(catalog: Catalog, toolsets: Sequence[str], *, read_only: bool) -> Describe:
    """The tools of ``toolsets``; a read-only server lists no others than reading ones."""
    # A wrong name is told at start, not to the first client.
    catalog.listed(toolsets)

    def describe(revision: str) -> list[dict[str, Any]]:
        listed = catalog.listed(toolsets)
        return [describe_tool(tool, revision) for tool in listed if not read_only or tool.scope == "mcp.read"]

    return describe


def prompts(registered: Prompts) -> Describe:
    return lambda revision: [_known(prompt.describe(), revision) for prompt in registered.all()]


def resources(registered: Resources) -> Describe:
    return lambda revision: [_known(resource.describe(), revision) for resource in registered.fixed]


def templates(registered: Resources) -> Describe:
    return lambda revision: [_known(template.describe(), revision) for template in registered.templates]


def describe_tool(tool: Tool, revision: str) -> dict[str, Any]:
    """The MCP Tool object of ``tool`` as ``revision`` knows it."""
    shown: dict[str, Any] = {
        "name": tool.name,
        "title": tool.title,
        "description": tool.description,
        "inputSchema": tool.input_schema,
        "outputSchema": tool.output_schema,
        "annotations": tool.annotations,
    }
    present = {key: value for key, value in shown.items() if value is not None}
    return sieve.known_fields(present, sieve.TOOL_FIELD_SINCE, revision)


def _known(item: Mapping[str, Any], revision: str) -> dict[str, Any]:
    return sieve.known_fields(item, sieve.LISTED_FIELD_SINCE, revision)
