"""``resources/subscribe`` of the handshake era, and ``notifications/resources/updated``."""

from __future__ import annotations

from tests.conformance.clients import Http, calling, notification, opened_socket, opening, request
from tests.conformance.resources import WATCHED
from tests.processes import Server, Stdio

UPDATED = notification("notifications/resources/updated", uri=WATCHED)


async def test_on_the_stream_of_a_session(fixtures: Server) -> None:
    async with await Http(fixtures).open() as client, client.listen() as events:
        assert (await client.ask("resources/subscribe", {"uri": WATCHED}))["result"] == {}
        await client.call("test_trigger_resource_update")
        while (message := await events.message())["method"] != UPDATED["method"]:
            pass
        assert message == UPDATED


async def test_a_change_while_no_stream_is_open_is_told_to_the_stream_that_resumes(fixtures: Server) -> None:
    async with await Http(fixtures).open() as client:
        await client.ask("resources/subscribe", {"uri": WATCHED})
        async with client.listen() as events:
            await client.call("test_trigger_resource_update")
            while (await events.message()) != UPDATED:
                pass
        await client.call("test_trigger_resource_update")
        async with client.listen(events.last_id) as resumed:
            while (await resumed.message()) != UPDATED:
                pass


async def test_on_a_websocket_until_it_unsubscribes(fixtures: Server) -> None:
    async with opened_socket(fixtures) as client:
        assert (await client.ask(request("resources/subscribe", {"uri": WATCHED})))["result"] == {}
        told = [await client.ask(calling("test_trigger_resource_update")), await client.receive()]
        assert UPDATED in told
        assert (await client.ask(request("resources/unsubscribe", {"uri": WATCHED}, 2)))["id"] == 2
        assert (await client.ask(calling("test_trigger_resource_update", 3)))["id"] == 3
        assert (await client.ask(request("ping", request_id=4)))["id"] == 4


async def test_who_did_not_subscribe_hears_nothing(fixtures: Server) -> None:
    async with opened_socket(fixtures) as client, opened_socket(fixtures) as other:
        await client.ask(request("resources/subscribe", {"uri": WATCHED}))
        assert UPDATED in [await client.ask(calling("test_trigger_resource_update")), await client.receive()]
        assert (await other.ask(request("ping", request_id="only")))["id"] == "only"


def test_on_stdio(stdio: Stdio) -> None:
    stdio.send(opening())
    stdio.read()
    stdio.send(notification("notifications/initialized"))
    assert stdio.ask("resources/subscribe", {"uri": WATCHED})["result"] == {}
    assert UPDATED in [stdio.ask("tools/call", {"name": "test_trigger_resource_update"}), stdio.read()]


def test_what_is_not_there_cannot_be_subscribed_to(stdio: Stdio) -> None:
    stdio.send(opening())
    stdio.read()
    error = stdio.ask("resources/subscribe", {"uri": "test://nothing"})["error"]
    assert (error["code"], error["data"]) == (-32002, {"uri": "test://nothing"})
