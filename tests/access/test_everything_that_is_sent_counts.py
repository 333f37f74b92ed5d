"""Everything a client sends counts: a batch as many requests, all admitted or none, and what cannot be read too."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from tests.oauth.knocking import bearer
from tests.oauth.stand_in import stand_in
from tests.processes import Server, server
from tests.redis_server import shared_url
from tests.transports.calls import message

LIMIT = 10
STRICT = {
    "THROTTLE_ENABLED": "true",
    "THROTTLE_LIMIT": str(LIMIT),
    "THROTTLE_TTL": "600000",
    "MCP_TRUSTED_PROXIES": "127.0.0.1",
    "MCP_WS_TRUSTED_PROXIES": "127.0.0.1",
}
OPENING = {"protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


def somewhere() -> str:
    """An address that nobody called from: Redis remembers those of earlier runs."""
    return f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"


def made(title: str) -> dict[str, Any]:
    return message("tools/call", {"name": "create_task", "arguments": {"title": title}}, title)


def batch(title: str, size: int) -> list[dict[str, Any]]:
    return [made(f"{title} {number}") for number in range(size)]


@pytest.fixture(scope="module", params=["memory", "redis"])
def strict(request: pytest.FixtureRequest) -> Iterator[Server]:
    shared = {"REDIS_URL": shared_url()} if request.param == "redis" else {}
    with server({**STRICT, **shared}) as running:
        yield running


def titles(running: Server, address: str) -> str:
    asked = message("tools/call", {"name": "get_tasks", "arguments": {"limit": 100, "fields": ["title"]}})
    return httpx.post(f"{running.http}/mcp", json=asked, headers={"X-Forwarded-For": address}, timeout=30).text


def test_over_http(strict: Server) -> None:
    address = somewhere()
    with httpx.Client(base_url=strict.http, timeout=30, headers={"X-Forwarded-For": address}) as client:
        opened = client.post("/mcp", json=message("initialize", OPENING))
        session = {"Mcp-Session-Id": opened.headers["Mcp-Session-Id"]}
        too_large = client.post("/mcp", json=batch("large", LIMIT + 1), headers=session)
        assert (too_large.status_code, too_large.json()["error"]["code"]) == (400, -32600)
        assert len(client.post("/mcp", json=batch("first", 5), headers=session).json()) == 5
        refused = client.post("/mcp", json=batch("second", 5), headers=session)
        assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
        assert len(client.post("/mcp", json=batch("third", 2), headers=session).json()) == 2
    there = titles(strict, somewhere())
    assert "first 4" in there and "third 1" in there
    assert "second" not in there and "large" not in there


def test_over_a_socket(strict: Server) -> None:
    with connect(f"{strict.ws}/mcp", additional_headers={"X-Forwarded-For": somewhere()}) as socket:
        ask(socket, message("initialize", OPENING))
        assert ask(socket, batch("large", LIMIT + 1))["error"]["code"] == -32600
        assert len(ask(socket, batch("socket", 6))) == 6
        assert ask(socket, batch("refused", 5))["error"]["code"] == -32029
        assert len(ask(socket, batch("last", 2))) == 2


def ask(socket: ClientConnection, sent: Any) -> Any:
    socket.send(json.dumps(sent))
    return json.loads(socket.recv(timeout=30))


def test_what_cannot_be_read_counts_too(strict: Server) -> None:
    with connect(f"{strict.ws}/mcp", additional_headers={"X-Forwarded-For": somewhere()}) as socket:
        codes = []
        for _ in range(LIMIT + 1):
            socket.send("{")
            codes.append(json.loads(socket.recv(timeout=30))["error"]["code"])
    assert codes == [-32700] * LIMIT + [-32029]


def test_a_stream_that_is_refused_for_its_scope_counts_too() -> None:
    with stand_in() as issuer, server(issuer.environment(**STRICT, MCP_TRANSPORT="http")) as running:
        sent = {**bearer(issuer.token(scope="openid")), "Accept": "text/event-stream", "Mcp-Session-Id": "x" * 43}
        with httpx.Client(base_url=running.http, timeout=30, headers=sent) as client:
            statuses = [client.get("/mcp").status_code for _ in range(LIMIT + 1)]
    assert statuses == [403] * LIMIT + [429]
