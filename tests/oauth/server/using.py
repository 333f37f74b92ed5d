"""Using an access token at the server that it is for."""

from __future__ import annotations

from typing import Any

import httpx

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


def status_of(base: str, token: str, path: str = "/mcp") -> int:
    """200 for a token that is good, 401 for one that is not."""
    return httpx.post(f"{base}{path}", json=PING, headers=bearer(token), timeout=60).status_code


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def call(base: str, token: str, name: str, **arguments: Any) -> httpx.Response:
    """One tool call as whoever holds ``token``."""
    params = {"name": name, "arguments": arguments}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    return httpx.post(f"{base}/mcp", json=message, headers=bearer(token), timeout=60)
