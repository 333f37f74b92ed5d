"""``list_changed`` of the handshake era: on the standalone stream of a session, and on connections."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.clients import Http, calling, notification, opened_socket, opening, request, socket
from tests.processes import Server, Stdio

KINDS = [("tools", "test_trigger_tool_change"), ("prompts", "test_trigger_prompt_change")]


@pytest.mark.parametrize(("kind", "trigger"), KINDS)
async def test_on_the_stream_of_a_session(fixtures: Server, kind: str, trigger: str) -> None:
    async with await Http(fixtures).open() as client, client.listen() as events:
        for _ in range(2):
            await client.call(trigger)
            assert await next_change(events, kind) == notification(f"notifications/{kind}/list_changed")


async def next_change(events: Any, kind: str) -> Any:
    """The next message about ``kind``: other tests may change other lists of the same server meanwhile."""
    while kind not in (message := await events.message())["method"]:
        pass
    return message


async def test_a_second_stream_of_a_session_takes_over_so_that_nothing_arrives_twice(fixtures: Server) -> None:
    async with await Http(fixtures).open() as client, client.listen() as first, client.listen() as second:
        assert await first.rest() == []
        await client.call("test_trigger_tool_change")
        await next_change(second, "tools")


async def test_on_a_websocket_after_its_handshake(fixtures: Server) -> None:
    async with opened_socket(fixtures) as client:
        told = [await client.ask(calling("test_trigger_tool_change")), await client.receive()]
        assert notification("notifications/tools/list_changed") in told


async def test_a_websocket_before_its_handshake_hears_nothing(fixtures: Server) -> None:
    async with socket(fixtures) as client:
        await client.ask(calling("test_trigger_tool_change"))
        assert (await client.ask(request("ping", request_id="after")))["id"] == "after"


def test_on_stdio_and_the_list_is_another_one(stdio: Stdio) -> None:
    stdio.send(opening())
    stdio.read()
    stdio.send(notification("notifications/initialized"))
    before = stdio.ask("tools/list")["result"]["tools"]
    told = [stdio.ask("tools/call", {"name": "test_trigger_tool_change"}), stdio.read()]
    assert notification("notifications/tools/list_changed") in told
    after = stdio.ask("tools/list")["result"]["tools"]
    assert [tool["name"] for tool in after if tool not in before] == ["test_extra_tool"]
