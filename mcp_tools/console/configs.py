"""How each client is told of this server, as the console shows it."""

from __future__ import annotations

import json
from typing import Any


def client_configs(address: str) -> list[dict[str, Any]]:
    """``{title, steps, snippet, language, deep_link}`` for each client; ``address`` has no path."""
    endpoint = f"{address}/mcp"
    servers = json.dumps({"mcpServers": {"gauzy": {"url": endpoint}}}, indent=2)
    return [
        _config("Cursor", ["Put this into ~/.cursor/mcp.json."], servers, "json"),
        _config("Claude Code", ["Run this."], f"claude mcp add --transport http gauzy {endpoint}", "shell"),
        _config("Other clients", ["Choose Streamable HTTP, and enter this address."], endpoint, "text"),
    ]


def _config(title: str, steps: list[str], snippet: str, language: str) -> dict[str, Any]:
    return {"title": title, "steps": steps, "snippet": snippet, "language": language, "deep_link": None}
