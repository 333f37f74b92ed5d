"""Lines that are written for a request carry its id, its session and its principal, whoever writes them."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from mcp_tools.dispatch.observers import Observer
from mcp_tools.dispatch.presence import Presence
from mcp_tools.protocol import attribution
from mcp_tools.sessions.backplane import in_memory
from mcp_tools.sessions.session import Session
from tests.oauth.knocking import opened
from tests.oauth.stand_in import StandIn, stand_in
from tests.processes import Server, Stdio, server
from tests.transports.calls import initialize, message, tool

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
UNKNOWN_SESSION = "A-session-id-that-nobody-has-ever-been-given"
PATIENCE_SECONDS = 20
INSIDE = ("gauzy_mcp.messages", "gauzy_mcp.gauzy", "gauzy_mcp.calls")
"""Loggers that speak after it is known who asks."""

JSON_LINES = {"MCP_LOG_FORMAT": "json", "GAUZY_MCP_DEBUG": "true"}


@pytest.fixture(scope="module")
def live() -> Iterator[Server]:
    with server(JSON_LINES) as running:
        yield running


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_the_id_that_came_along_is_in_every_line_and_in_the_answer(live: Server) -> None:
    with httpx.Client(base_url=live.http, timeout=30) as client:
        headers = {**initialize(client), "X-Request-Id": "from-the-proxy-1"}
        call = message("tools/call", {"name": "get_projects", "arguments": {"limit": 1}})
        answer = client.post("/mcp", json=call, headers=headers | {"Accept": "application/json, text/event-stream"})
        assert answer.headers["X-Request-Id"] == "from-the-proxy-1"
        told = [line for line in lines(live.logged()) if line.get("request") == "from-the-proxy-1"]
    loggers = {line["logger"] for line in told}
    assert {"gauzy_mcp.calls", "gauzy_mcp.gauzy", "gauzy_mcp.messages"} <= loggers
    [call_line] = [line for line in told if line["message"].startswith("call ")]
    session = call_line["session"]
    assert session != "-" and session not in call_line["message"], "the name that operators know, and that once"
    assert {line["session"] for line in told[told.index(call_line) :]} == {session}
    assert {line["principal"] for line in told} == {"-"}
    assert headers["Mcp-Session-Id"] not in live.logged()


def test_an_id_is_made_where_none_came_or_a_bad_one(live: Server) -> None:
    with httpx.Client(base_url=live.http, timeout=30) as client:
        seen = {client.post("/sse", json=PING).headers["X-Request-Id"] for _ in range(3)}
        assert len(seen) == 3
        for bad in ("short", "x" * 65, 'a" level=error', "1234567 8"):
            made = client.post("/sse", json=PING, headers={"X-Request-Id": bad}).headers["X-Request-Id"]
            assert made != bad and len(made) == 16
        assert client.get("/healthz").headers["X-Request-Id"]


def test_messages_of_a_connection_are_requests_of_their_own(live: Server) -> None:
    before = len(live.logged())
    with connect(live.ws + "/sse") as socket:
        for number in (1, 2):
            call = message("tools/call", {"name": "get_projects", "arguments": {"limit": 1}}, number)
            socket.send(json.dumps(call))
            socket.recv()
    assert _ids_of_calls(live.logged()[before:]) == 2


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
        of_alice = [line for line in lines(running.logged()) if line.get("request") == told[0]["request"]]
    assert [line["principal"] for line in told] == ["alice", "bob"]
    assert {line["principal"] for line in of_alice if line["logger"] in INSIDE} == {"alice"}
    assert "alice" not in told[0]["message"]


def test_lines_for_people_say_it_too() -> None:
    with server({}) as live, httpx.Client(base_url=live.http, timeout=30) as client:
        tool(client, "get_projects", {"limit": 1}, X_Request_Id="from-the-proxy-2", **initialize(client))
        [line] = [line for line in live.logged().splitlines() if " call tool=" in line]
    assert re.search(r"transport=http request=from-the-proxy-2 session=[0-9a-f]{16}$", line), line


def test_what_django_refuses_is_told_quietly_and_without_the_id_in_its_path(live: Server) -> None:
    assert httpx.get(f"{live.http}/admin/", headers={"Host": "evil.example"}).status_code == 403
    assert httpx.get(f"{live.http}/sse/session/{UNKNOWN_SESSION}").status_code == 404
    told = lines(live.logged())
    [refused] = [line for line in told if "evil.example" in line["message"]]
    [missing] = [line for line in told if line["message"].startswith("Not Found")]
    assert refused["message"] == "Unauthorized host: 'evil.example'. Add the name to MCP_ALLOWED_HOSTS."
    assert "traceback" not in refused and len(refused["request"]) == 16
    assert missing["message"] == "Not Found: /sse/session/[hidden]" and missing["status_code"] == 404
    assert UNKNOWN_SESSION not in live.logged()


async def test_work_of_the_process_belongs_to_no_request() -> None:
    heard = asyncio.get_running_loop().create_future()

    class Looking(Observer):
        def sessions_connected(self, sessions: Sequence[Session]) -> None:
            if not heard.done():
                heard.set_result(attribution.current())

    attribution.begin("from-the-proxy-3")
    presence = Presence(in_memory(ttl_seconds=0.1), Looking())
    presence.start()
    assert (await asyncio.wait_for(heard, PATIENCE_SECONDS)).request == ""
    assert attribution.current().request == "from-the-proxy-3"
    await presence.aclose()


def _call_as(client: httpx.Client, issuer: StandIn, subject: str) -> None:
    token = issuer.token(sub=subject)
    tool(client, "get_projects", {"limit": 1}, Authorization=f"Bearer {token}")


def _calls(running: Server) -> list[dict[str, Any]]:
    return [line for line in lines(running.logged()) if line["message"].startswith("call ")]


def _ids_of_calls(logged: str) -> int:
    told = [line for line in lines(logged) if line["message"].startswith("call ")]
    assert len(told) == 2
    return len({line["request"] for line in told})
