"""resources/read (page server/resources of every revision)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.resources import Contents, Resources
from mcp_tools.dispatch.failures import as_errors
from mcp_tools.dispatch.gauzy_accounts import CallerAccounts
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.gauzy.errors import GauzyRejected
from mcp_tools.protocol import sieve
from mcp_tools.protocol.errors import INVALID_PARAMS, RESOURCE_NOT_FOUND, ProtocolError, invalid_params
from mcp_tools.protocol.messages import Request

Contexts = Callable[[RequestContext, Request], ToolContext]
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

    async def answer(self, request: Request, context: RequestContext) -> dict[str, Any]:
        """The contents at ``uri``. Raises what the revision has for an address where nothing is."""
        uri = request.params.get("uri")
        if not isinstance(uri, str):
            raise invalid_params("uri must be a string", {"field": "uri"})
        contents = await self.read(uri, request, context)
        result = {"contents": [contents.describe(uri)]}
        return sieve.complete(result, context.revision, self._server_info, CACHE_HINTS)

    async def read(self, uri: str, request: Request, context: RequestContext) -> Contents:
        found = self._resources.find(uri)
        if found is None:
            raise not_found(uri, context)
        resource, variables = found
        with as_errors():
            try:
                return await resource.read(self._contexts(context, request), variables)
            except GauzyRejected as error:
                if error.status in _GONE:
                    raise not_found(uri, context) from error
                raise


def not_found(uri: str, context: RequestContext) -> ProtocolError:
    """-32002 up to 2025-11-25, -32602 since, with the address in ``data`` (page server/resources, error handling)."""
    code = INVALID_PARAMS if context.stateless else RESOURCE_NOT_FOUND
    return ProtocolError(code, f"Resource not found: {uri[:200]}", {"uri": uri})


class Owners:
    """Whose resource an address is for a caller: its tenant, after a look that proves it may be read."""

    def __init__(self, reads: ResourceReads, callers: CallerAccounts) -> None:
        self._reads = reads
        self._callers = callers

    async def tenant(self, context: RequestContext, uri: str) -> str:
        """The caller's tenant id; empty for an address outside Gauzy. Raises what :meth:`ResourceReads.read` raises."""
        await self._reads.read(uri, Request(0, "resources/read", {"uri": uri}), context)
        if not uri.startswith(GAUZY_SCHEME):
            return ""
        with as_errors():
            return (await self._callers.account(context).identity()).tenant_id
