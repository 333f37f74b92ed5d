"""Shorthand for the tests of OAuth: asking a server something with a token, or without."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from tests.processes import Server, server
from tests.transports.calls import message

HOST = "mcp.example.com"
DEMO = {"email": "demo@gauzy.local", "password": "demo"}
"""An account of the embedded Gauzy."""
METADATA = f"https://{HOST}/.well-known/oauth-protected-resource"


GOOD = {
    "MCP_TRANSPORT": "http",
    "MCP_AUTH_ENABLED": "true",
    "MCP_AUTH_RESOURCE_URI": "https://mcp.example.com",
    "MCP_AUTH_JWT_ISSUER": "https://auth.example.com",
    "MCP_AUTH_JWT_JWKS_URI": "https://auth.example.com/jwks.json",
}
"""An environment with OAuth, for tests that never ask the issuer."""


@contextlib.contextmanager
def opened(environment: Mapping[str, str]) -> Iterator[tuple[Server, httpx.Client]]:
    """A server of its own, and a client of it."""
    with server(environment) as running, httpx.Client(base_url=running.http, timeout=30) as client:
        yield running, client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def knock(client: httpx.Client, token: str | None = None, **headers: str) -> httpx.Response:
    """A request that everybody may make who is let in."""
    return ask(client, "ping", token=token, **headers)


def ask(
    client: httpx.Client, method: str, params: dict[str, Any] | None = None, *, token: str | None = None, **headers: str
) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/sse", json=message(method, params), headers={**(bearer(token) if token else {}), **named})


def call(client: httpx.Client, token: str, name: str, arguments: dict[str, Any] | None = None, **headers: str) -> Any:
    """The CallToolResult of a tool."""
    params = {"name": name, "arguments": arguments or {}}
    answer = ask(client, "tools/call", params, token=token, **headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def open_session(client: httpx.Client, token: str, version: str = "2025-11-25") -> dict[str, str]:
    info = {"name": "test", "version": "1"}
    params = {"protocolVersion": version, "capabilities": {}, "clientInfo": info}
    answer = ask(client, "initialize", params, token=token)
    assert answer.status_code == 200, answer.text
    return {"Mcp-Session-Id": answer.headers["Mcp-Session-Id"], "MCP-Protocol-Version": version}


def text_of(result: Mapping[str, Any]) -> str:
    return "".join(block.get("text", "") for block in result["content"])


def is_refused(answer: httpx.Response) -> bool:
    """Whether a token was refused, and no more told than that."""
    if answer.status_code != 401:
        return False
    body = {"error": "invalid_token", "error_description": "Token validation failed", "scope": "mcp.read"}
    header = (
        f'Bearer resource_metadata="{METADATA}/sse", error="invalid_token", '
        'error_description="Token validation failed", scope="mcp.read"'
    )
    assert answer.json() == body
    assert answer.headers["WWW-Authenticate"] == header
    return True
