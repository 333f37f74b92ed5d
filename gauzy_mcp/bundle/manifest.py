"""``manifest.json`` of the bundle (MCPB manifest 0.4)."""

from __future__ import annotations

from typing import Any, Final

from gauzy_mcp import __version__
from gauzy_mcp.describing import info
from mcp_tools.catalog.offer import gauzy_offer
from mcp_tools.dispatch.lists import DEFAULT

VERSION: Final = "0.4"
"""The first with servers of type uv, which bring no compiled packages: the host installs those of its own system."""

ENTRY_POINT: Final = "main.py"

_ASKED: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "api_base_url": (
        "API_BASE_URL",
        {
            "type": "string",
            "title": "Gauzy API address",
            "description": "Such as https://api.gauzy.co. Empty: a demo company to try things with.",
            "default": "",
        },
    ),
    "email": (
        "GAUZY_AUTH_EMAIL",
        {"type": "string", "title": "E-mail address", "description": "Of your Gauzy account.", "default": ""},
    ),
    "password": (
        "GAUZY_AUTH_PASSWORD",
        {
            "type": "string",
            "title": "Password",
            "description": "Of your Gauzy account. Kept in the keychain of the system.",
            "sensitive": True,
            "default": "",
        },
    ),
    "read_only": (
        "MCP_READ_ONLY",
        {
            "type": "boolean",
            "title": "Read only",
            "description": "Refuse every tool that changes something.",
            "default": False,
        },
    ),
}
"""What the person is asked: the variable that it becomes, and how it is asked. An empty variable is an unset one."""


def manifest() -> dict[str, Any]:
    """The whole document; its tools are those that ``tools/list`` shows unless told otherwise."""
    about = info()
    return {
        "manifest_version": VERSION,
        "name": "gauzy-mcp",
        "display_name": about["title"],
        "version": __version__,
        "description": about["description"],
        "long_description": (
            "Lets an assistant work with Ever Gauzy as you: timer, time logs, projects, tasks, daily plans, people, "
            "time off, contacts, deals, goals, invoices and reports. Deletions are confirmed."
        ),
        "author": {"name": "The authors of the Gauzy MCP server", "url": about["websiteUrl"]},
        "homepage": about["websiteUrl"],
        "license": "AGPL-3.0-or-later",
        "keywords": ["gauzy", "time tracking", "projects", "tasks", "erp", "crm"],
        "server": {
            "type": "uv",
            "entry_point": ENTRY_POINT,
            "mcp_config": {
                "command": "uv",
                "args": ["run", "--directory", "${__dirname}", ENTRY_POINT],
                "env": {variable: f"${{user_config.{key}}}" for key, (variable, _) in _ASKED.items()},
            },
        },
        "user_config": {key: {**asked, "required": False} for key, (_, asked) in _ASKED.items()},
        "tools": [
            {"name": tool.name, "description": tool.description} for tool in gauzy_offer().tools.listed(list(DEFAULT))
        ],
        "tools_generated": True,
        "prompts_generated": True,
        "compatibility": {"platforms": ["darwin", "win32", "linux"], "runtimes": {"python": ">=3.11"}},
    }
