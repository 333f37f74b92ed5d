"""resources/read (page server/resources of every revision)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.resources import Contents, Resources
from mcp_tools.dispatch.callers import GauzyCallers
from mcp_tools.dispatch.exchange import Exchange
from mcp_tools.dispatch.failures import as_errors
from mcp_tools.gauzy.errors import GauzyRejected
from mcp_tools.protocol import sieve
from mcp_tools.protocol.errors import INVALID_PARAMS, RESOURCE_NOT_FOUND, ProtocolError, invalid_params
from mcp_tools.protocol.messages import Request

Contexts = Callable[[Exchange, Request], ToolContext]
CACHE_HINTS = {"ttlMs": 0, "cacheScope": "private"}
"""A record may change at any moment, and belongs to the caller."""

GAUZY_SCHEME = "gauzy://"

_GONE = (400, 404, 406)
"""What Gauzy answers for a record that is not there, not the caller's, or no id at all."""


class ResourceReads:
    def __init__(self, resources: Resources, contexts: Contexts, server_info: Mapping[str, Any]) -> None:
        self._resources = resources
        self._contexts = contexts
        self._server_info = server_info

    async def answer(self, request: Request, exchange: Exchange) -> dict[str, Any]:
        """The contents at ``uri``. Raises what the revision has for an address where nothing is."""
        uri = request.params.get("uri")
        if not isinstance(uri, str):
            raise invalid_params("uri must be a string", {"field": "uri"})
        contents = await self.read(uri, request, exchange)
        result = {"contents": [contents.describe(uri)]}
        return sieve.complete(result, exchange.revision, self._server_info, CACHE_HINTS)

    async def read(self, uri: str, request: Request, exchange: Exchange) -> Contents:
        found = self._resources.find(uri)
        if found is None:
            raise not_found(uri, exchange)
        resource, variables = found
        with as_errors():
            try:
                return await resource.read(self._contexts(exchange, request), variables)
            except GauzyRejected as error:
                if error.status in _GONE:
                    raise not_found(uri, exchange) from error
                raise


def not_found(uri: str, exchange: Exchange) -> ProtocolError:
    """-32002 up to 2025-11-25, -32602 since, with the address in ``data`` (page server/resources, error handling)."""
    code = INVALID_PARAMS if exchange.stateless else RESOURCE_NOT_FOUND
    return ProtocolError(code, f"Resource not found: {uri[:200]}", {"uri": uri})


class Owners:
    """Whose resource an address is for a caller: its tenant, after a look that proves it may be read."""

    def __init__(self, reads: ResourceReads, callers: GauzyCallers) -> None:
        self._reads = reads
        self._callers = callers

    async def tenant(self, exchange: Exchange, uri: str) -> str:
        """The caller's tenant id; empty for an address outside Gauzy. Raises what :meth:`ResourceReads.read` raises."""
        await self._reads.read(uri, Request(0, "resources/read", {"uri": uri}), exchange)
        if not uri.startswith(GAUZY_SCHEME):
            return ""
        with as_errors():
            return (await self._callers.account(exchange).identity()).tenant_id
