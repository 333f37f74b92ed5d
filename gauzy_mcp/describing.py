"""How the server describes itself to clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gauzy_mcp import __version__
from mcp_tools.dispatch import lists
from mcp_tools.protocol.revisions import HANDSHAKE, STATELESS

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment


def info() -> dict[str, Any]:
    """An MCP Implementation object."""
    return {
        "name": "gauzy-mcp-server",
        "title": "Ever Gauzy",
        "version": __version__,
        "description": "Projects, tasks, people and time of a company on Ever Gauzy",
        "websiteUrl": "https://gauzy.co",
    }


LOCAL_APP: Final = "http://localhost:4200"
"""Where Gauzy's web application is during its development."""


def instructions(env: Environment) -> str:
    """What a client may put before its model."""
    told = (
        "Tools for Ever Gauzy: projects, tasks, employees, daily plans, contacts and time tracking. "
        "Ids are UUIDs: look them up with the get_… tools before you use them. Times are ISO 8601 in UTC."
    )
    if env.uses_sandbox:
        told += " This server works on its embedded demo company, not on real data: set API_BASE_URL to use your Gauzy."
    return told


def description(env: Environment) -> dict[str, Any]:
    """What the tool get_server_info tells."""
    return {
        "name": "gauzy-mcp-server",
        "version": __version__,
        "gauzy": "embedded demo company" if env.uses_sandbox else str(env.API_BASE_URL),
        "gauzyApp": env.GAUZY_APP_URL or env.API_BASE_URL or LOCAL_APP,
        "sandbox": env.uses_sandbox,
        "readOnly": env.MCP_READ_ONLY,
        "toolsets": list(env.MCP_TOOLSETS or lists.DEFAULT),
        "protocolVersions": [*HANDSHAKE, *STATELESS],
        "source": env.MCP_SOURCE_URL,
        "license": "AGPL-3.0-or-later",
    }
