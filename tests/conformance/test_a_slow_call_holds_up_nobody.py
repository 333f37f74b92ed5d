"""While one call runs, every other request of the same client is answered."""

from __future__ import annotations

from tests.conformance.clients import Http, calling, label, opened_socket, request
from tests.processes import Server, Stdio


async def test_in_one_http_session(fixtures: Server) -> None:
    held = label()
    call = calling("test_hold", "slow", label=held)
    async with await Http(fixtures).open() as client, client.stream(call) as events:
        await events.message()
        assert (await client.ask("ping"))["result"] == {}
        assert (await client.call("test_simple_text"))["result"]["content"]
        await client.call("test_release", label=held)
        assert (await events.message())["id"] == "slow"


async def test_on_one_websocket(fixtures: Server) -> None:
    held = label()
    async with opened_socket(fixtures) as client:
        assert (await client.ask(calling("test_hold", "slow", label=held)))["method"] == "notifications/message"
        assert (await client.ask(request("ping", request_id="quick")))["id"] == "quick"
        await client.send(calling("test_release", "release", label=held))
        assert {(await client.receive())["id"] for _ in range(2)} == {"release", "slow"}


def test_on_stdio(stdio: Stdio) -> None:
    stdio.send(calling("test_hold", "slow", label="held"))
    assert stdio.read()["method"] == "notifications/message"
    assert stdio.ask("ping", request_id="quick")["id"] == "quick"
    stdio.send(calling("test_release", "release", label="held"))
    assert {stdio.read()["id"] for _ in range(2)} == {"release", "slow"}
