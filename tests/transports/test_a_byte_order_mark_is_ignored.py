"""RFC 8259 section 8.1 lets a reader ignore a byte order mark, which some programs put before everything they write."""

from __future__ import annotations

import json

import httpx
from websockets.sync.client import connect

from tests.processes import Server, Stdio

PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}'


def test_on_all_three_transports(http: httpx.Client, live: Server) -> None:
    marked = b"\xef\xbb\xbf" + PING.encode()
    answer = http.post("/mcp", content=marked, headers={"Content-Type": "application/json"})
    assert answer.json()["result"] == {}
    with connect(f"{live.ws}/mcp") as socket:
        socket.send("\ufeff" + PING)
        assert json.loads(socket.recv(timeout=30))["result"] == {}
    with Stdio() as client:
        assert client.process.stdin is not None
        client.process.stdin.write(marked + b"\n")
        client.process.stdin.flush()
        client.conversation.sent(json.loads(PING))
        assert client.read()["result"] == {}
