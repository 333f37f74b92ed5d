"""WebSocket: the examples of the mission, both eras, and bad input."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.processes import Server
from tests.schema.conversation import Conversation
from tests.transports.calls import envelope, message

INITIALIZE = message(
    "initialize",
    {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test-client", "version": "1.0.0"}},
)


@pytest.fixture
async def socket(live: Server) -> AsyncIterator[ClientConnection]:
    async with connect(live.ws + "/sse") as opened:
        yield opened


async def ask(socket: ClientConnection, asked: dict[str, Any]) -> Any:
    conversation = Conversation()
    conversation.sent(asked)
    await socket.send(json.dumps(asked))
    return conversation.received(json.loads(await socket.recv()))


async def test_the_browser_example_of_the_mission_works(socket: ClientConnection) -> None:
    """Both messages go out at once, as in the example's onopen."""
    await socket.send(json.dumps(INITIALIZE))
    await socket.send(json.dumps(message("tools/list", request_id=2)))
    first, second = json.loads(await socket.recv()), json.loads(await socket.recv())
    assert first["result"]["protocolVersion"] == "2025-06-18"
    assert second["id"] == 2 and second["result"]["tools"]


@pytest.mark.parametrize("path", ["/sse", "/mcp"])
async def test_the_subprotocol_is_echoed_when_offered(live: Server, path: str) -> None:
    async with connect(live.ws + path, subprotocols=["mcp"]) as offered:  # type: ignore[list-item]
        assert offered.subprotocol == "mcp"
        assert (await ask(offered, INITIALIZE))["id"] == 1


async def test_a_stateless_request_needs_no_handshake(socket: ClientConnection) -> None:
    answer = await ask(socket, message("server/discover", envelope()))
    assert answer["result"]["supportedVersions"] == ["2026-07-28"]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", -32700),
        ("null", -32600),
        ('{"jsonrpc":"2.0","id":1,"method":"no/such"}', -32601),
        ('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"nope"}}', -32602),
        ('[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600),
        ('{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":NaN}}', -32700),
    ],
)
async def test_a_bad_message_is_answered_and_the_socket_lives_on(
    socket: ClientConnection, frame: str, code: int
) -> None:
    await socket.send(frame)
    assert json.loads(await socket.recv())["error"]["code"] == code
    assert (await ask(socket, message("ping")))["result"] == {}


@pytest.mark.parametrize(
    ("frame", "code"), [(b"\x00\x01", 1003), ("x" * (16 * 1024 * 1024 + 1), 1009)], ids=["binary", "too big"]
)
async def test_a_frame_that_cannot_be_taken_closes_with_its_code(live: Server, frame: bytes | str, code: int) -> None:
    async with connect(live.ws + "/sse") as socket:
        with pytest.raises(ConnectionClosed) as closed:
            await socket.send(frame)
            await socket.recv()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == code
    async with connect(live.ws + "/sse") as again:
        assert (await ask(again, message("ping")))["result"] == {}


async def test_invalid_utf_8_closes_with_1007(live: Server) -> None:
    async with connect(live.ws + "/sse") as socket:
        await socket.send(b"\xff\xfe", text=True)
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 1007


async def test_a_foreign_origin_is_refused_before_the_socket_opens(live: Server) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(live.ws + "/sse", origin="https://evil.example")  # type: ignore[arg-type]
    assert refused.value.response.status_code == 403
    assert "Unauthorized origin" in live.logged()


async def test_an_upgrade_elsewhere_is_refused(live: Server) -> None:
    with pytest.raises(InvalidStatus):
        await connect(live.ws + "/elsewhere")


async def test_a_hundred_requests_at_once_are_all_answered_or_refused(socket: ClientConnection) -> None:
    for number in range(100):
        await socket.send(
            json.dumps(message("tools/call", {"name": "get_projects", "arguments": {"limit": 1}}, request_id=number))
        )
    answers = [json.loads(await asyncio.wait_for(socket.recv(), 60)) for _ in range(100)]
    assert sorted(answer["id"] for answer in answers) == list(range(100))
    assert {answer["error"]["code"] for answer in answers if "error" in answer} <= {-32029}
