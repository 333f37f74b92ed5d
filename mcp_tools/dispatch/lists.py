"""The four lists: which tools, prompts, resources and templates a caller is shown, prepared once per revision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mcp_tools.catalog.changes import Changing
from mcp_tools.catalog.prompts import Prompts
from mcp_tools.catalog.resources import Resources
from mcp_tools.catalog.tool import Catalog, Tool
from mcp_tools.dispatch.authorise import Policy
from mcp_tools.dispatch.reply import Prepared
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.protocol import sieve
from mcp_tools.protocol.cursors import Cursors
from mcp_tools.protocol.messages import Request

DEFAULT = ("core",)
CACHE_HINTS = {"ttlMs": 60_000, "cacheScope": "private"}
"""``private``, because what is listed may depend on who asks."""

Describe = Callable[[RequestContext], Sequence[Mapping[str, Any]]]
"""Answers the MCP objects to list for a caller, as its revision knows them."""

MAX_PREPARED = 200
"""Lists kept ready: one per revision, and one more for each choice of toolsets that callers make."""


class ListAnswer:
    """One list. ``name`` is the key of its items in the answer; ``source`` says when they changed."""

    def __init__(
        self,
        name: str,
        source: Changing,
        describe: Describe,
        cursors: Cursors,
        server_info: Mapping[str, Any],
        policy: Policy,
    ) -> None:
        self._name = name
        self._source = source
        self._describe = describe
        self._cursors = cursors
        self._server_info = server_info
        self._policy = policy
        self._prepared: dict[tuple[Any, ...], tuple[int, Prepared]] = {}

    async def answer(self, request: Request, context: RequestContext) -> Prepared | dict[str, Any]:
        cursor = request.params.get("cursor")
        if cursor is not None:
            return self._page(cursor, context)
        key = (context.revision, context.toolsets, context.read_only, self._policy.reach(context.principal))
        version, prepared = self._prepared.get(key, (-1, None))
        if prepared is None or version != self._source.version:
            prepared = Prepared(self._page(None, context))
            if len(self._prepared) >= MAX_PREPARED:
                self._prepared.clear()
            self._prepared[key] = (self._source.version, prepared)
        return prepared

    def _page(self, cursor: object, context: RequestContext) -> dict[str, Any]:
        items, following = self._cursors.page(self._name, self._describe(context), cursor)
        result: dict[str, Any] = {self._name: items}
        if following is not None:
            result["nextCursor"] = following
        return sieve.complete(result, context.revision, self._server_info, CACHE_HINTS)


def tools(catalog: Catalog, toolsets: Sequence[str] | None, policy: Policy) -> Describe:
    """The tools that a caller is shown: of the server's ``toolsets``, of those the caller names, and callable.

    Without ``toolsets`` of the server the caller's choice is free, and the core unless there is one. Raises
    ValueError for an unknown name.
    """
    # A wrong name is told at start, not to the first client.
    catalog.listed(toolsets or ())

    def describe(context: RequestContext) -> list[dict[str, Any]]:
        offered = catalog.listed(toolsets or context.toolsets or DEFAULT)
        if context.toolsets is not None and toolsets:
            narrowed = set(catalog.listed(context.toolsets))
            offered = [tool for tool in offered if tool in narrowed]
        return [
            describe_tool(tool, context.revision)
            for tool in offered
            if policy.allows(context.principal, tool, read_only=context.read_only)
        ]

    return describe


def prompts(registered: Prompts) -> Describe:
    return lambda context: [_known(prompt.describe(), context) for prompt in registered.all()]


def resources(registered: Resources) -> Describe:
    return lambda context: [_known(resource.describe(), context) for resource in registered.fixed]


def templates(registered: Resources) -> Describe:
    return lambda context: [_known(template.describe(), context) for template in registered.templates]


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


def _known(item: Mapping[str, Any], context: RequestContext) -> dict[str, Any]:
    return sieve.known_fields(item, sieve.LISTED_FIELD_SINCE, context.revision)
