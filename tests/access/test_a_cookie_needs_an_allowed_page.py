"""A session cookie speaks only for a page on the list: a browser sends it along whoever made it ask."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest
from websockets.sync.client import connect

from tests.processes import Server, server
from tests.transports.calls import initialize, message

INFO = message("tools/call", {"name": "get_session_info", "arguments": {}})


@pytest.fixture(scope="module")
def anywhere() -> Iterator[Server]:
    """A server that answers to any host name, as behind a proxy that checks it."""
    with server({"MCP_TRANSPORT": "http", "MCP_ALLOWED_HOSTS": "*"}) as running:
        yield running


@pytest.fixture
def http(anywhere: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=anywhere.http, timeout=30) as client:
        yield client


@pytest.fixture
def cookie(http: httpx.Client) -> dict[str, str]:
    return {"Cookie": f"mcp-session-id={initialize(http)['Mcp-Session-Id']}"}


def test_without_an_origin_it_is_refused(http: httpx.Client, cookie: dict[str, str]) -> None:
    assert http.post("/mcp", json=INFO, headers=cookie).status_code == 403


def test_the_page_of_this_server_may_use_it(http: httpx.Client, cookie: dict[str, str]) -> None:
    answer = http.post("/mcp", json=INFO, headers={**cookie, "Origin": str(http.base_url).rstrip("/")})
    assert answer.json()["result"]["structuredContent"]["hasSession"] is True


def test_a_name_that_leads_here_makes_no_page_an_own_one(http: httpx.Client, cookie: dict[str, str]) -> None:
    """DNS rebinding: where every Host is allowed, an Origin that equals it proves nothing."""
    rebound = {**cookie, "Host": "evil.example", "Origin": "http://evil.example"}
    assert http.post("/mcp", json=INFO, headers=rebound).status_code == 403


def test_where_any_page_may_call_a_cookie_counts_only_for_this_servers_own() -> None:
    """Another port of this machine is same-site to a browser: it sends the cookie along, to a WebSocket unasked."""
    extra = {"MCP_CORS_ORIGIN": "*", "MCP_WS_ALLOWED_ORIGINS": "*"}
    with server(extra) as running:
        with httpx.Client(base_url=running.http, timeout=30) as client:
            named = initialize(client)["Mcp-Session-Id"]
            cookies = {"Cookie": f"mcp-session-id={named}; mcp-ws-session-id={named}"}
            for origin, counts in (("http://127.0.0.1:666", False), (running.http, True)):
                answer = client.post("/mcp", json=INFO, headers={**cookies, "Origin": origin})
                assert answer.json()["result"]["structuredContent"]["hasSession"] is counts
        for origin, resumed in (("http://127.0.0.1:666", "websocket"), (running.ws.replace("ws", "http", 1), "http")):
            with connect(f"{running.ws}/mcp", origin=origin, additional_headers=cookies) as socket:  # type: ignore[arg-type]
                socket.send(json.dumps(INFO))
                uid = json.loads(socket.recv(timeout=30))["result"]["structuredContent"]["session"]
            assert f"websocket opened session={uid} resumed={resumed == 'http'}" in running.logged()
