"""GAUZY_MCP_DEBUG=true: the seven kinds of information that the mission lists, on standard error, without secrets."""

from __future__ import annotations

import json

import httpx
from websockets.sync.client import connect

from tests.processes import server
from tests.transports.calls import initialize, message, tool

LOGIN = {"email": "employee@gauzy.local", "password": "demo"}


def test_debug_tells_seven_kinds_of_things_and_no_secret() -> None:
    with server({"GAUZY_MCP_DEBUG": "true"}) as live:
        with httpx.Client(base_url=live.http, timeout=30) as client:
            session = initialize(client)
            tool(client, "login", LOGIN, **session)
            tool(client, "login", {**LOGIN, "password": "a-wrong-Passw0rd"}, **session)
            tool(client, "get_projects", {"limit": 1}, **session)
        with connect(live.ws + "/sse") as socket:
            socket.send(json.dumps(message("ping")))
            socket.recv()
        told = live.logged()
    for kind, mark in {
        "transport messages": '"method":"tools/call"',
        "requests to Gauzy": 'gauzy request POST /api/auth/login query=[] body={"email":"employee@gauzy.local"',
        "their queries": "gauzy request GET /api/organization-projects/pagination query=[{",
        "their answers": "gauzy POST /api/auth/login status=200 ms=",
        "what Gauzy answered": 'body={"user":{',
        "signing in": "signed in as employee@gauzy.local",
        "sessions": "session begun",
        "what the session store does": "session store=memory created uid=",
        "what it finds": "session store=memory found and renewed uid=",
        "tool calls and their results": "result tool=get_projects",
        "errors": "status=401",
        "the life of WebSockets": "websocket opened",
        "HTTP details": "in http POST /sse headers=",
    }.items():
        assert mark in told, f"nothing tells of {kind}"
    for secret in ('"demo"', "a-wrong-Passw0rd", session["Mcp-Session-Id"], "eyJ"):
        assert secret not in told


def test_without_debug_a_line_says_who_did_what() -> None:
    with server({"MCP_LOG_FORMAT": "json"}) as live:
        with httpx.Client(base_url=live.http, timeout=30) as client:
            tool(client, "get_projects", {"limit": 1}, **initialize(client))
        lines = [json.loads(line) for line in live.logged().splitlines()]
    [call] = [line for line in lines if line["message"].startswith("call ")]
    assert "tool=get_projects outcome=ok" in call["message"] and call["message"].endswith("transport=http")
    assert call["session"] != "-" and call["principal"] == "-"
    assert not any(line["level"] == "debug" for line in lines)
