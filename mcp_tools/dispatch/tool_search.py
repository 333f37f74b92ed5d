"""search_tools: the tools that fit some words and that the caller may call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mcp_tools.catalog.search import Index
from mcp_tools.catalog.tool import Catalog, Tool
from mcp_tools.dispatch.authorise import Policy
from mcp_tools.dispatch.request_context import RequestContext


class Finder:
    """Indexes the catalogue at the first search, and again when it changed.

    ``toolsets`` are the server's (MCP_TOOLSETS). A choice of toolsets, the server's or the caller's, limits what is
    found as it limits what is listed, unless ``core`` or ``all`` is among them: ``core`` is a short list to which
    search_tools adds the rest.
    """

    def __init__(self, catalog: Catalog, policy: Policy, toolsets: Sequence[str] | None) -> None:
        self._catalog = catalog
        self._policy = policy
        self._toolsets = toolsets
        self._indexed = -1
        self._index = Index(())

    def search(self, context: RequestContext, query: str, limit: int) -> Sequence[Mapping[str, Any]]:
        """``{name, description, toolset, inputSchema}`` of the best, the best first."""
        if self._indexed != self._catalog.version:
            searched = [tool for tool in self._catalog if tool.listed and tool.toolset != "discovery"]
            self._index, self._indexed = Index(searched), self._catalog.version
        allowed = [tool for tool in self._index.search(query, self._most(context, limit)) if self._shows(tool, context)]
        return [
            {
                "name": tool.name,
                "description": tool.description,
                "toolset": tool.toolset,
                "inputSchema": tool.input_schema,
            }
            for tool in allowed[:limit]
        ]

    def _most(self, context: RequestContext, limit: int) -> int:
        """How many hits to look through for ``limit`` that the caller is shown."""
        narrowed = self._toolsets is not None or context.toolsets is not None
        return len(self._catalog.names) if narrowed else limit * 2

    def _shows(self, tool: Tool, context: RequestContext) -> bool:
        chosen = (self._toolsets, context.toolsets)
        return all(_includes(toolsets, tool) for toolsets in chosen) and self._policy.allows(
            context.principal, tool, read_only=context.read_only
        )


def _includes(toolsets: Sequence[str] | None, tool: Tool) -> bool:
    return toolsets is None or tool.toolset in toolsets or not {"core", "all"}.isdisjoint(toolsets)
