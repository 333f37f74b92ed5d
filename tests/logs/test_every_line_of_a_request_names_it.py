"""Lines that are written for a request carry its id, its session and its principal, whoever writes them."""

from __future__ import annotations

import json
from typing import Any

import httpx
from websockets.sync.client import connect

from tests.oauth.knocking import opened
from tests.oauth.stand_in import StandIn, stand_in
from tests.processes import Server, Stdio, server
from tests.transports.calls import initialize, message, tool

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
JSON_LINES = {"MCP_LOG_FORMAT": "json", "GAUZY_MCP_DEBUG": "true"}


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_the_id_that_came_along_is_in_every_line_and_in_the_answer() -> None:
    with server(JSON_LINES) as live, httpx.Client(base_url=live.http, timeout=30) as client:
        headers = {**initialize(client), "X-Request-Id": "from-the-proxy-1"}
        call = message("tools/call", {"name": "get_projects", "arguments": {"limit": 1}})
        answer = client.post("/mcp", json=call, headers=headers | {"Accept": "application/json, text/event-stream"})
        assert answer.headers["X-Request-Id"] == "from-the-proxy-1"
        told = [line for line in lines(live.logged()) if line.get("request") == "from-the-proxy-1"]
    loggers = {line["logger"] for line in told}
    assert {"gauzy_mcp.calls", "gauzy_mcp.gauzy", "gauzy_mcp.messages"} <= loggers
    [call_line] = [line for line in told if line["message"].startswith("call ")]
    assert call_line["session"] in call_line["message"], "the name that operators know the session by"
    assert headers["Mcp-Session-Id"] not in live.logged()


def test_an_id_is_made_where_none_came_or_a_bad_one() -> None:
    with server(JSON_LINES) as live, httpx.Client(base_url=live.http, timeout=30) as client:
        seen = {client.post("/sse", json=PING).headers["X-Request-Id"] for _ in range(3)}
        assert len(seen) == 3
        for bad in ("short", "x" * 65, 'a" level=error', "1234567 8"):
            made = client.post("/sse", json=PING, headers={"X-Request-Id": bad}).headers["X-Request-Id"]
            assert made != bad and len(made) == 16
        assert client.get("/healthz").headers["X-Request-Id"]


def test_messages_of_a_connection_are_requests_of_their_own() -> None:
    with server(JSON_LINES) as live:
        with connect(live.ws + "/sse") as socket:
            for number in (1, 2):
                call = message("tools/call", {"name": "get_projects", "arguments": {"limit": 1}}, number)
                socket.send(json.dumps(call))
                socket.recv()
        assert _ids_of_calls(live.logged()) == 2


def test_a_local_process_names_its_requests_too() -> None:
    with Stdio(JSON_LINES) as client:
        for number in (1, 2):
            client.ask("tools/call", {"name": "get_projects", "arguments": {"limit": 1}}, number)
        _, logged = client.finish()
    assert _ids_of_calls(logged) == 2


def test_the_principal_is_named() -> None:
    with stand_in() as issuer, opened(issuer.environment(**JSON_LINES)) as (running, client):
        _call_as(client, issuer, "alice")
        _call_as(client, issuer, "bob")
        told = _calls(running)
    assert [line["principal"] for line in told] == ["alice", "bob"]


def test_a_foreign_host_is_one_quiet_line() -> None:
    with server({}) as live:
        assert httpx.get(f"{live.http}/admin/", headers={"Host": "evil.example"}).status_code == 400
        assert "Invalid HTTP_HOST header: 'evil.example'" in live.logged()
        assert "Traceback" not in live.logged()


def _call_as(client: httpx.Client, issuer: StandIn, subject: str) -> None:
    token = issuer.token(sub=subject)
    tool(client, "get_projects", {"limit": 1}, Authorization=f"Bearer {token}")


def _calls(running: Server) -> list[dict[str, Any]]:
    return [line for line in lines(running.logged()) if line["message"].startswith("call ")]


def _ids_of_calls(logged: str) -> int:
    told = [line for line in lines(logged) if line["message"].startswith("call ")]
    assert len(told) == 2
    return len({line["request"] for line in told})
