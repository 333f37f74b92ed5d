"""Signing in to Gauzy, in the caller's own session (Gauzy routes ``/auth``).

Under OAuth the account is fixed, and :mod:`mcp_tools.catalog.linking` says so in the descriptions.
"""

from __future__ import annotations

from typing import Any

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.tool import Tool, ToolError

STATUS = {
    "properties": {
        "authenticated": {"type": "boolean"},
        "source": {
            "type": "string",
            "description": "session: signed in here; linked: mine, by OAuth; shared: the configured account; none",
        },
        "email": {"type": "string"},
        "name": {"type": "string"},
        "role": {"type": "string"},
        "userId": {"type": "string"},
        "tenantId": {"type": "string"},
        "organizationId": {"type": "string"},
        "employeeId": {"type": "string"},
        "expiresAt": {"type": "string"},
        "problem": {"type": "string"},
    },
    "required": ["authenticated", "source"],
}


async def login(context: ToolContext, arguments: dict[str, Any]) -> Any:
    if ("email" in arguments) != ("password" in arguments):
        raise ToolError("Give email and password together, or neither for the configured account.")
    await context.account.sign_in(arguments.get("email"), arguments.get("password"), arguments.get("tenantId"))
    return await context.account.status()


async def logout(context: ToolContext, arguments: dict[str, Any]) -> Any:
    return {"signedOut": await context.account.sign_out()}


async def status(context: ToolContext, arguments: dict[str, Any]) -> Any:
    return await context.account.status()


async def refresh(context: ToolContext, arguments: dict[str, Any]) -> Any:
    return await context.account.refresh()


async def session(context: ToolContext, arguments: dict[str, Any]) -> Any:
    return {**context.describe_session(), "account": await context.account.status()}


async def cleanup(context: ToolContext, arguments: dict[str, Any]) -> Any:
    return {"removed": await context.cleanup_sessions()}


TOOLS = [
    Tool(
        "login",
        "Sign this session in to Gauzy; other sessions are not touched. Without arguments: the configured account.",
        "authentication", login,
        f.properties({
            "email": f.text(format="email"),
            "password": f.text(secret=True),
            "tenantId": f.ref("For a person in several tenants"),
        }),
        output=STATUS, effect="changes", session_only=True, kind="local", scope="mcp.read", limited="login",
    ),
    Tool(
        "logout", "Sign this session out of Gauzy.", "authentication", logout,
        output={"properties": {"signedOut": {"type": "boolean"}}}, effect="changes", session_only=True, kind="local",
        scope="mcp.read",
    ),
    Tool(
        "get_auth_status", "Who is signed in to Gauzy, and until when.", "authentication", status, effect="reads",
        output=STATUS,
        kind="local",
    ),
    Tool(
        "refresh_auth_token", "Renew the Gauzy sign-in now.", "authentication", refresh,
        output={"properties": {"expiresAt": {"type": "string"}}}, effect="changes", session_only=True, kind="local",
        scope="mcp.read",
    ),
    Tool(
        "get_session_info", "This connection: transport, protocol revision, client, account.", "authentication",
        session,
        effect="reads", output={"properties": {
            "transport": {"type": "string"}, "protocolVersion": {"type": "string"}, "client": {"type": "object"},
            "hasSession": {"type": "boolean"}, "session": {"type": "string"}, "openedAt": {"type": "string"},
            "calls": {"type": "integer"}, "errors": {"type": "integer"}, "account": {"type": "object"},
        }},
        kind="local",
    ),
    Tool(
        "cleanup_sessions", "Remove expired sessions of this server now.", "authentication", cleanup,
        output={"properties": {"removed": {"type": "integer"}}}, effect="changes", kind="local", scope="mcp.admin",
    ),
]  # fmt: skip
