"""Opening a conversation: initialize and ping in the handshake era, server/discover in the stateless one."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mcp_tools.dispatch.reply import Prepared
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.dispatch.session_opener import SessionOpener
from mcp_tools.protocol import levels, sieve
from mcp_tools.protocol.errors import invalid_params
from mcp_tools.protocol.messages import Request
from mcp_tools.protocol.revisions import STATELESS, negotiate
from mcp_tools.sessions.store import SessionStore

log = logging.getLogger("gauzy_mcp.engine")


@dataclass(frozen=True, slots=True)
class ServerDescription:
    """How this server introduces itself: ``info`` is an MCP Implementation object."""

    info: Mapping[str, Any]
    instructions: str
    capabilities: Mapping[str, Any]


class Lifecycle:
    def __init__(self, server: ServerDescription, sessions: SessionStore, opener: SessionOpener) -> None:
        self._server = server
        self._sessions = sessions
        self._opener = opener
        self._pong = Prepared({})
        self._discovered = Prepared(self._discovery())

    async def ping(self, request: Request, context: RequestContext) -> Prepared:
        return self._pong

    async def initialize(self, request: Request, context: RequestContext) -> dict[str, Any]:
        """Negotiates revision and capabilities (2025-11-25 page basic/lifecycle) and remembers the client."""
        params = request.params
        capabilities = _object(params, "capabilities")
        client = _object(params, "clientInfo")
        context.revision = negotiate(params.get("protocolVersion"))
        context.client, context.capabilities = client, capabilities
        await self._remember(context)
        return {
            "protocolVersion": context.revision,
            "capabilities": sieve.capabilities(self._server.capabilities, context.revision),
            "serverInfo": sieve.known_fields(self._server.info, sieve.IMPLEMENTATION_FIELD_SINCE, context.revision),
            "instructions": self._server.instructions,
        }

    async def discover(self, request: Request, context: RequestContext) -> Prepared:
        return self._discovered

    async def set_level(self, request: Request, context: RequestContext) -> dict[str, Any]:
        """``logging/setLevel``: how much the client wants to hear, for the rest of its session."""
        level = levels.read_level(request.params.get("level"))
        if context.session is not None:
            context.session.log_level = level
            await self._sessions.save(context.session)
        return {}

    async def _remember(self, context: RequestContext) -> None:
        if context.session is None and context.transport == "http":
            if not self._opener.over_http:
                return
            context.session = await self._opener.open("http", context.principal, context.address)
        session = context.session
        if session is not None:
            session.revision = context.revision
            session.client, session.capabilities = dict(context.client), dict(context.capabilities)
            await self._sessions.save(session)
            log.info(
                "session begun session=%s transport=%s revision=%s client=%s",
                session.label,
                session.transport,
                session.revision,
                str(session.client.get("name", "-"))[:60],
            )

    def _discovery(self) -> dict[str, Any]:
        result = {
            "supportedVersions": list(STATELESS),
            "capabilities": sieve.capabilities(self._server.capabilities, STATELESS[-1]),
            "instructions": self._server.instructions,
        }
        return sieve.complete(result, STATELESS[-1], self._server.info, {"ttlMs": 60_000, "cacheScope": "public"})


def _object(params: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = params.get(name, {})
    if not isinstance(value, dict):
        raise invalid_params(f"{name} must be an object", {"field": name})
    return value
