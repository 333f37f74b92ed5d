"""``subscriptions/listen`` of the stateless era (2026-07-28 page basic/patterns/subscriptions)."""

from __future__ import annotations

import json
import signal
from typing import Any

import pytest

from tests.conformance.clients import Http, Stateless, calling, notification, request, socket
from tests.conformance.processes import fixture_server
from tests.conformance.resources import WATCHED
from tests.processes import Server, Stdio
from tests.transports.calls import envelope

EVERYTHING = {"toolsListChanged": True, "promptsListChanged": True, "resourceSubscriptions": [WATCHED]}
SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId"


def listening(request_id: int | str = "listen", /, **wanted: Any) -> dict[str, Any]:
    return request("subscriptions/listen", {"notifications": wanted}, request_id)


async def test_the_first_message_says_what_is_honoured_and_each_names_its_subscription(fixtures: Server) -> None:
    async with Stateless(fixtures) as client, client.stream(listening(**EVERYTHING, unknown=True)) as events:
        first = await events.message()
        assert first["method"] == "notifications/subscriptions/acknowledged"
        assert first["params"]["notifications"] == EVERYTHING
        await client.call("test_trigger_resource_update")
        updated = await next_of(events, "notifications/resources/updated")
        assert updated["params"] == {"uri": WATCHED, "_meta": {SUBSCRIPTION: "listen"}}
        for kind, trigger in (("tools", "test_trigger_tool_change"), ("prompts", "test_trigger_prompt_change")):
            await client.call(trigger)
            changed = await next_of(events, f"notifications/{kind}/list_changed")
            assert changed["params"]["_meta"] == {SUBSCRIPTION: "listen"}


async def next_of(events: Any, method: str) -> Any:
    """The next message of ``method``: other tests may change other things of the same server meanwhile."""
    while (message := await events.message())["method"] != method:
        pass
    return message


async def test_what_was_not_asked_for_does_not_come(fixtures: Server) -> None:
    async with Stateless(fixtures) as client, client.stream(listening(toolsListChanged=True)) as events:
        assert (await events.message())["params"]["notifications"] == {"toolsListChanged": True}
        await client.call("test_trigger_prompt_change")
        await client.call("test_trigger_resource_update")
        await client.call("test_trigger_tool_change")
        assert (await events.message())["method"] == "notifications/tools/list_changed"


async def test_two_streams_of_one_client_are_told_apart(fixtures: Server) -> None:
    async with (
        Stateless(fixtures) as client,
        client.stream(listening("one", toolsListChanged=True)) as one,
        client.stream(listening("two", toolsListChanged=True)) as two,
    ):
        for name, events in (("one", one), ("two", two)):
            assert (await events.message())["params"]["_meta"] == {SUBSCRIPTION: name}
        await client.call("test_trigger_tool_change")
        for name, events in (("one", one), ("two", two)):
            assert (await events.message())["params"]["_meta"] == {SUBSCRIPTION: name}


@pytest.mark.parametrize("wanted", [None, [], "tools", {"resourceSubscriptions": "x"}, {"resourceSubscriptions": [7]}])
async def test_what_makes_no_sense_is_refused_before_the_stream_opens(fixtures: Server, wanted: Any) -> None:
    async with Stateless(fixtures) as client:
        refused = await client.post(request("subscriptions/listen", {"notifications": wanted}))
        assert refused.headers["Content-Type"] == "application/json"
        assert refused.json()["error"]["code"] == -32602


async def test_a_resource_that_is_not_there_cannot_be_listened_to(fixtures: Server) -> None:
    async with Stateless(fixtures) as client:
        refused = await client.post(listening(resourceSubscriptions=["test://nothing"]))
        assert refused.json()["error"]["data"] == {"uri": "test://nothing"}


async def test_a_session_of_the_handshake_era_has_no_such_method(fixtures: Server) -> None:
    async with await Http(fixtures).open() as client:
        assert (await client.ask("subscriptions/listen", {"notifications": {}}))["error"]["code"] == -32601


async def test_a_websocket_listens_beside_its_other_requests_until_it_cancels(fixtures: Server) -> None:
    async with socket(fixtures) as client:
        wanted = listening(toolsListChanged=True)
        first = await client.ask({**wanted, "params": {**wanted["params"], **envelope()}})
        assert first["params"]["_meta"] == {SUBSCRIPTION: "listen"}
        trigger = calling("test_trigger_tool_change", "trigger")
        trigger["params"] |= envelope()
        told = [await client.ask(trigger), await client.receive()]
        assert {one.get("method", one.get("id")) for one in told} == {"notifications/tools/list_changed", "trigger"}
        await client.send(notification("notifications/cancelled", requestId="listen"))
        assert (await client.ask({**trigger, "id": "again"}))["id"] == "again"
        assert (await client.ask(request("server/discover", envelope(), "after")))["id"] == "after"


def test_a_stdio_client_listens(stdio: Stdio) -> None:
    first = stdio.ask("subscriptions/listen", {"notifications": {"promptsListChanged": True}, **envelope()}, "listen")
    assert first["params"]["notifications"] == {"promptsListChanged": True}
    told = [stdio.ask("tools/call", {"name": "test_trigger_prompt_change", **envelope()}), stdio.read()]
    assert "notifications/prompts/list_changed" in [one.get("method") for one in told]


async def test_a_server_that_stops_answers_the_request() -> None:
    with fixture_server() as server:
        async with Stateless(server) as client, client.stream(listening(toolsListChanged=True)) as events:
            await events.message()
            server.process.send_signal(signal.SIGTERM)
            ended = (await events.rest())[-1]
    assert (ended["id"], ended["result"]["resultType"]) == ("listen", "complete")


def test_a_stdio_process_whose_input_ends_answers_the_request_and_exits(stdio: Stdio) -> None:
    stdio.ask("subscriptions/listen", {"notifications": {"toolsListChanged": True}, **envelope()}, "listen")
    rest, _ = stdio.finish()
    ended = stdio.conversation.received(json.loads(rest))
    assert (ended["id"], ended["result"]["resultType"]) == ("listen", "complete")
    assert stdio.process.returncode == 0
