"""search_tools: the tools that fit some words and that the caller may call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mcp_tools.catalog.search import Index
from mcp_tools.catalog.tool import Catalog
from mcp_tools.dispatch.authorise import Policy
from mcp_tools.dispatch.request_context import RequestContext


class Finder:
    """Indexes the catalogue at the first search, and again when it changed."""

    def __init__(self, catalog: Catalog, policy: Policy) -> None:
        self._catalog = catalog
        self._policy = policy
        self._indexed = -1
        self._index = Index(())

    def search(self, context: RequestContext, query: str, limit: int) -> Sequence[Mapping[str, Any]]:
        """``{name, description, toolset, inputSchema}`` of the best, the best first."""
        if self._indexed != self._catalog.version:
            searched = [tool for tool in self._catalog if tool.listed and tool.toolset != "discovery"]
            self._index, self._indexed = Index(searched), self._catalog.version
        found = self._index.search(query, limit * 2)
        allowed = [tool for tool in found if self._policy.allows(context.principal, tool, read_only=context.read_only)]
        return [
            {
                "name": tool.name,
                "description": tool.description,
                "toolset": tool.toolset,
                "inputSchema": tool.input_schema,
            }
            for tool in allowed[:limit]
        ]
