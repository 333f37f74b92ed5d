"""MCP_SESSION_ENABLED=false holds everywhere: nothing is handed out, and nothing is resumed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest
from websockets.sync.client import connect

from tests.processes import Server, server
from tests.redis_server import shared_url
from tests.transports.calls import client, initialize, message, tool

DEMO = {"email": "demo@gauzy.local", "password": "demo"}
ORIGIN = "https://dashboard.example.com"
SHARED = {"REDIS_URL": shared_url(), "MCP_SECRET_KEY": "k" * 64, "MCP_CORS_ORIGIN": ORIGIN}


@pytest.fixture(scope="module")
def sessionless() -> Iterator[Server]:
    with server({**SHARED, "MCP_SESSION_ENABLED": "false", "MCP_WS_ALLOWED_ORIGINS": ORIGIN}) as running:
        yield running


@pytest.fixture(scope="module")
def signed_in() -> Iterator[tuple[str, str]]:
    """A session that another process on the same Redis keeps, and its Mcp-Session-Id once more as a cookie."""
    with server({**SHARED, "MCP_TRANSPORT": "http"}) as other, client(other.http) as http:
        session = initialize(http)
        tool(http, "login", DEMO, Mcp_Session_Id=session["Mcp-Session-Id"])
        name = session["Mcp-Session-Id"]
        yield name, f"mcp-session-id={name}; mcp-ws-session-id={name}"


def test_login_says_what_to_do_and_hands_out_nothing(sessionless: Server) -> None:
    with client(sessionless.http) as http:
        answer = tool(http, "login", DEMO)
    result = answer.json()["result"]
    assert result["isError"] and "MCP_SESSION_ENABLED" in result["content"][0]["text"]
    assert "Mcp-Session-Id" not in answer.headers and "Set-Cookie" not in answer.headers


def test_a_session_of_another_process_is_not_resumed(sessionless: Server, signed_in: tuple[str, str]) -> None:
    named, cookies = signed_in
    with client(sessionless.http) as http:
        assert http.post("/mcp", json=message("ping"), headers={"Mcp-Session-Id": named}).status_code == 404
        assert httpx.get(f"{sessionless.http}/sse/session/{named}").status_code == 404
        asked = message("tools/call", {"name": "get_session_info", "arguments": {}})
        by_cookie = http.post("/mcp", json=asked, headers={"Cookie": cookies, "Origin": ORIGIN})
        assert by_cookie.json()["result"]["structuredContent"]["hasSession"] is False


def test_a_socket_resumes_none_either(sessionless: Server, signed_in: tuple[str, str]) -> None:
    with connect(f"{sessionless.ws}/mcp", origin=ORIGIN, additional_headers={"Cookie": signed_in[1]}) as socket:  # type: ignore[arg-type]
        socket.send(json.dumps(message("tools/call", {"name": "get_auth_status", "arguments": {}})))
        told = json.loads(socket.recv(timeout=30))["result"]["structuredContent"]
    assert told["source"] != "session"


def test_no_stream_of_2024_11_05_opens(sessionless: Server) -> None:
    with client(sessionless.http) as http:
        assert http.get("/sse", headers={"Accept": "text/event-stream"}).status_code == 400
