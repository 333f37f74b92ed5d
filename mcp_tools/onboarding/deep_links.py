"""Links that open a client and let it add a server, as the clients document them."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote


def cursor(name: str, entry: Mapping[str, Any]) -> str:
    """``config`` is the entry as JSON in Base64 (Cursor's page on deep links)."""
    config = base64.b64encode(_compact(entry).encode()).decode()
    return f"cursor://anysphere.cursor-deeplink/mcp/install?name={quote(name)}&config={quote(config, safe='')}"


def vscode(name: str, entry: Mapping[str, Any]) -> str:
    """The query is one JSON object: the entry, its name and its inputs (VS Code's MCP developer guide)."""
    return f"vscode:mcp/install?{quote(_compact({'name': name, **entry}), safe='')}"


def _compact(value: Mapping[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"))
