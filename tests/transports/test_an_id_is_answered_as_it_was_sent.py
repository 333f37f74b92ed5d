"""JSON Schema counts 1.0 as an integer, and so do clients whose numbers are all floats."""

from __future__ import annotations

import json

import httpx
import pytest
from websockets.sync.client import connect

from tests.processes import Server, Stdio

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


def test_one_and_one_point_nought_are_the_same_id(live: Server) -> None:
    call = '{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":"get_projects","arguments":{}}}'
    with connect(f"{live.ws}/mcp") as socket:
        socket.send(call % "1")
        socket.send(call % "1.0")
        answers = [json.loads(socket.recv(timeout=30)) for _ in range(2)]
    assert [("error" in answer) for answer in answers] == [True, False]
    assert "already in flight" in answers[0]["error"]["message"]
