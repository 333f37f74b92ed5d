"""Puts the rooms together. Importing this module loads no Django; stdio must start without it."""

from __future__ import annotations

import asyncio
import functools
import logging
from typing import TYPE_CHECKING, Any

from gauzy_mcp import __version__
from gauzy_mcp.env import Environment, environment
from gauzy_mcp.home import derive, root_secret
from mcp_tools.catalog.domains import catalog
from mcp_tools.dispatch.authorise import Policy
from mcp_tools.dispatch.callers import GauzyCallers
from mcp_tools.dispatch.calling import ToolCalls
from mcp_tools.dispatch.engine import Engine
from mcp_tools.dispatch.exchange import Exchange
from mcp_tools.dispatch.lifecycle import Lifecycle, ServerDescription
from mcp_tools.dispatch.listing import ToolList
from mcp_tools.dispatch.tool_context import CallContext
from mcp_tools.gauzy.accounts import Accounts
from mcp_tools.gauzy.api import GauzyApi
from mcp_tools.gauzy.client import Credentials
from mcp_tools.gauzy.errors import GauzyError
from mcp_tools.gauzy.pool import ApiSettings
from mcp_tools.protocol.cursors import Cursors
from mcp_tools.protocol.revisions import HANDSHAKE, STATELESS
from mcp_tools.sessions.store import MemorySessions

if TYPE_CHECKING:
    from mcp_tools.transports.http.view import McpView
    from mcp_tools.transports.websocket import WebSocketPolicy

log = logging.getLogger("gauzy_mcp.start")

DEMO_ACCOUNT = ("demo@gauzy.local", "demo")
SANDBOX_URL = "http://sandbox.invalid"
"""The embedded Gauzy has no address; this name never resolves (RFC 2606 section 2) and shows in no request."""


class Assembly:
    """The parts of one process, made from its environment. Servers share :func:`process_assembly`."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.sessions = MemorySessions(env.MCP_SESSION_TTL / 1000)
        self.api = GauzyApi(_api_settings(env), transport=_sandbox_transport if env.uses_sandbox else None)
        self.accounts = Accounts(self.api, _configured_account(env), shared=env.GAUZY_AUTO_LOGIN is not False)
        self.callers = GauzyCallers(self.accounts, self.sessions)
        self.server = ServerDescription(_info(), _instructions(env), {"tools": {"listChanged": True}})
        self.engine = self._engine()

    async def start(self) -> None:
        """Signs the configured account in when GAUZY_AUTO_LOGIN asks for it; a failure is told, and retried at use."""
        if self.env.GAUZY_AUTO_LOGIN and self.accounts.shared is not None:
            try:
                signed_in = await self.accounts.shared.sign_in()
                log.info("signed in as %s", signed_in.identity.email)
            except GauzyError as error:
                log.error("GAUZY_AUTO_LOGIN: %s", error)

    async def stop(self) -> None:
        await self.api.aclose()

    @functools.cached_property
    def http_view(self) -> McpView:
        from mcp_tools.transports.http.callers import Callers
        from mcp_tools.transports.http.guard import Guard, SessionPolicy
        from mcp_tools.transports.http.view import McpView
        from mcp_tools.transports.origins import AllowList

        policy = SessionPolicy(self.env.MCP_SESSION_ENABLED, self.env.MCP_SESSION_COOKIE_NAME)
        allowed = AllowList(self.env.http_origins, self.env.allowed_hosts)
        guard = Guard(allowed, credentials=self.env.MCP_CORS_CREDENTIALS)
        return McpView(self.engine, Callers(self.sessions, policy), guard)

    @functools.cached_property
    def websocket_policy(self) -> WebSocketPolicy:
        from mcp_tools.transports.origins import AllowList
        from mcp_tools.transports.websocket import WebSocketPolicy

        allowed = AllowList(self.env.websocket_origins, self.env.allowed_hosts)
        return WebSocketPolicy(allowed, self.env.MCP_WS_MAX_PAYLOAD)

    def _engine(self) -> Engine:
        env, info = self.env, self.server.info
        cursors = Cursors(derive(root_secret(env), "cursors"))
        return Engine(
            lifecycle=Lifecycle(self.server, self.sessions, keeps_http_sessions=env.MCP_SESSION_ENABLED),
            tools=ToolList(catalog(), env.MCP_TOOLSETS, cursors, info, read_only=env.MCP_READ_ONLY),
            calls=ToolCalls(
                catalog(),
                Policy(read_only=env.MCP_READ_ONLY),
                self._context,
                info,
                timeout=env.MCP_CALL_TIMEOUT / 1000,
            ),
            sessions=self.sessions,
            max_in_flight=env.MCP_MAX_IN_FLIGHT,
        )

    def _context(self, exchange: Exchange) -> CallContext:
        account = self.callers.account(exchange)
        return CallContext(
            exchange, account, account, sessions=self.sessions, server=_description(self.env), probe=self.api.probe
        )


@functools.cache
def process_assembly() -> Assembly:
    """The assembly of a network process, for ``asgi`` and ``urls`` alike."""
    return Assembly(environment())


def http_paths() -> tuple[str, ...]:
    return ("/sse", "/mcp")


def websocket_paths(env: Environment) -> tuple[str, ...]:
    return (env.MCP_WS_PATH, "/mcp")


def _api_settings(env: Environment) -> ApiSettings:
    return ApiSettings(env.API_BASE_URL or SANDBOX_URL, env.API_TIMEOUT, env.GAUZY_CA_BUNDLE, env.GAUZY_VERIFY_TLS)


def _configured_account(env: Environment) -> Credentials | None:
    """The shared account; the embedded company has one of its own."""
    if env.GAUZY_AUTH_EMAIL and env.GAUZY_AUTH_PASSWORD:
        return Credentials(env.GAUZY_AUTH_EMAIL, env.GAUZY_AUTH_PASSWORD)
    return Credentials(*DEMO_ACCOUNT) if env.uses_sandbox else None


def _sandbox_transport() -> Any:
    """The embedded Gauzy behind an in-process HTTP transport, loaded when it is first asked."""
    import importlib

    async def application(scope: Any, receive: Any, send: Any) -> None:
        # Loading Django takes a moment, and the loop has other callers.
        module = await asyncio.to_thread(importlib.import_module, "mcp_tools.sandbox.asgi")
        await module.application(scope, receive, send)

    import httpx

    return httpx.ASGITransport(application)


def _info() -> dict[str, Any]:
    return {
        "name": "gauzy-mcp-server",
        "title": "Ever Gauzy",
        "version": __version__,
        "description": "Projects, tasks, people and time of a company on Ever Gauzy",
        "websiteUrl": "https://gauzy.co",
    }


def _instructions(env: Environment) -> str:
    told = (
        "Tools for Ever Gauzy: projects, tasks, employees, daily plans, contacts and time tracking. "
        "Ids are UUIDs: look them up with the get_… tools before you use them. Times are ISO 8601 in UTC."
    )
    if env.uses_sandbox:
        told += " This server works on its embedded demo company, not on real data: set API_BASE_URL to use your Gauzy."
    return told


def _description(env: Environment) -> dict[str, Any]:
    return {
        "name": "gauzy-mcp-server",
        "version": __version__,
        "gauzy": "embedded demo company" if env.uses_sandbox else str(env.API_BASE_URL),
        "sandbox": env.uses_sandbox,
        "readOnly": env.MCP_READ_ONLY,
        "toolsets": list(env.MCP_TOOLSETS),
        "protocolVersions": [*HANDSHAKE, *STATELESS],
    }
