"""JSON Schema counts 1.0 as an integer, and so do clients whose numbers are all floats."""

from __future__ import annotations

import json

import httpx
import pytest
from websockets.sync.client import connect

from tests.access.places import HOLDING
from tests.processes import Server, Stdio, server

PING = '{"jsonrpc":"2.0","id":%s,"method":"ping"}'
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("sent", ["1.0", "-3.0", "7", '"a"', "9007199254740993"])
def test_over_http(http: httpx.Client, sent: str) -> None:
    answer = http.post("/mcp", content=PING % sent, headers=JSON)
    assert f'"id":{sent}' in answer.text


def test_over_a_socket_and_stdio(live: Server) -> None:
    with connect(f"{live.ws}/mcp") as socket:
        socket.send(PING % "1.0")
        assert '"id":1.0' in str(socket.recv(timeout=30))
    with Stdio() as client:
        client.send((PING % "1.0").encode())
        assert json.dumps(client.read()["id"]) == "1.0"


@pytest.mark.parametrize("sent", ["1.5", "true", "[]", "{}", "1e999"])
def test_what_is_no_string_and_no_integer_is_refused(http: httpx.Client, sent: str) -> None:
    answer = http.post("/mcp", content=PING % sent, headers=JSON)
    assert answer.json()["error"]["code"] in (-32600, -32700) and answer.json()["id"] is None


def test_one_and_one_point_nought_are_the_same_id() -> None:
    call = '{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":"test_hold","arguments":{"label":"held"}}}'
    with server({"MCP_TRANSPORT": "websocket"}, command=HOLDING) as running, connect(f"{running.ws}/mcp") as socket:
        socket.send(call % "1")
        socket.send(call % "1.0")
        heard = [json.loads(socket.recv(timeout=30))]
        while "error" not in heard[-1]:
            heard.append(json.loads(socket.recv(timeout=30)))
    assert "already in flight" in heard[-1]["error"]["message"]
