"""Shorthand for the tests of the transports."""

from __future__ import annotations

from typing import Any

import httpx

from tests.schema.conversation import Conversation, parsed
from tests.schema.validate import known

REVISION = "2026-07-28"


def client(base_url: str) -> httpx.Client:
    """A client that checks every JSON answer against the schema of its revision."""
    return httpx.Client(base_url=base_url, timeout=30, event_hooks={"response": [check_answer]})


def check_answer(response: httpx.Response) -> None:
    """Raises AssertionError for an answer in JSON that the revision of its request does not allow."""
    if response.headers.get("Content-Type") != "application/json":
        return
    response.read()
    response.request.read()
    conversation = Conversation(known(response.request.headers.get("MCP-Protocol-Version")))
    conversation.sent(parsed(response.request.content))
    conversation.received(response.json())


def message(method: str, params: dict[str, Any] | None = None, request_id: int | str = 1) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": request_id, "method": method, "params": params or {}}


def post(client: httpx.Client, method: str, params: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
    """POSTs a request as a plain caller; underscores in header names become hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/sse", json=message(method, params), headers=named)


def initialize(client: httpx.Client, version: str = "2025-11-25") -> dict[str, str]:
    """Opens a session and answers the headers that its requests carry."""
    answer = post(
        client,
        "initialize",
        {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
    )
    assert answer.status_code == 200, answer.text
    return {"Mcp-Session-Id": answer.headers["Mcp-Session-Id"], "MCP-Protocol-Version": version}


def tool(client: httpx.Client, name: str, arguments: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
    return post(client, "tools/call", {"name": name, "arguments": arguments or {}}, **headers)


def envelope(version: str = REVISION, **capabilities: Any) -> dict[str, Any]:
    """The ``_meta`` of a stateless request."""
    return {
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": version,
            "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": capabilities,
        }
    }


def post_stateless(
    client: httpx.Client, method: str, params: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> httpx.Response:
    """POSTs a stateless request with the headers that mirror its body."""
    merged = {**envelope(), **(params or {})}
    mirrored = {"MCP-Protocol-Version": REVISION, "Mcp-Method": method, "Accept": "application/json, text/event-stream"}
    named = merged.get("name") or merged.get("uri")
    if named:
        mirrored["Mcp-Name"] = named
    return client.post("/mcp", json=message(method, merged), headers={**mirrored, **(headers or {})})
