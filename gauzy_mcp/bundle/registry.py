"""``server.json``: the entry in the MCP registry (schema of 2025-12-11)."""

from __future__ import annotations

from typing import Any, Final

from gauzy_mcp import __version__
from gauzy_mcp.describing import info
from gauzy_mcp.env.table import BY_NAME

SCHEMA: Final = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
NAME: Final = "co.gauzy/gauzy-mcp"
_VARIABLES: Final = ("API_BASE_URL", "GAUZY_AUTH_EMAIL", "GAUZY_AUTH_PASSWORD", "MCP_TOOLSETS", "MCP_READ_ONLY")


def entry() -> dict[str, Any]:
    """The whole document: the package for stdio, and the address form of those who run a server."""
    about = info()
    return {
        "$schema": SCHEMA,
        "name": NAME,
        "title": about["title"],
        "description": about["description"],
        "version": __version__,
        "websiteUrl": about["websiteUrl"],
        "packages": [
            {
                "registryType": "pypi",
                "registryBaseUrl": "https://pypi.org",
                "identifier": "gauzy-mcp",
                "version": __version__,
                "runtimeHint": "uvx",
                "transport": {"type": "stdio"},
                "environmentVariables": [_variable(name) for name in _VARIABLES],
            }
        ],
        "remotes": [
            {
                "type": "streamable-http",
                "url": "https://{host}/mcp",
                "variables": {
                    "host": {
                        "description": "Host name of the Gauzy MCP server of your company",
                        "isRequired": True,
                        "placeholder": "mcp.example.com",
                    }
                },
            }
        ],
    }


def _variable(name: str) -> dict[str, Any]:
    variable = BY_NAME[name]
    told: dict[str, Any] = {"name": name, "description": variable.about, "placeholder": variable.example}
    return {**told, "isSecret": True} if variable.secret else told
