"""Handshake era: a notification ends a call, a lost connection does not. Stateless era over HTTP: the reverse.

Sources: 2025-11-25 page basic/utilities/cancellation; 2026-07-28 page basic/patterns/cancellation.
"""

from __future__ import annotations

import asyncio

from tests.conformance.clients import (
    SECONDS,
    Http,
    Stateless,
    calling,
    label,
    notification,
    opened_socket,
    opening,
    request,
    socket,
)
from tests.processes import Server, Stdio
from tests.transports.calls import envelope


async def outcome(client: Http, held: str) -> str:
    """How a held call ended, once it has ended."""
    told = await client.call("test_outcome", label=held)
    return str(told["result"]["structuredContent"]["outcome"])


async def test_a_notification_ends_the_call_of_a_session_without_an_answer(fixtures: Server) -> None:
    held = label()
    async with await Http(fixtures).open() as client:
        async with client.stream(calling("test_hold", "held", label=held)) as events:
            assert (await events.message())["method"] == "notifications/message"
            cancelled = notification("notifications/cancelled", requestId="held", reason="enough")
            assert (await client.post(cancelled)).status_code == 202
            assert await events.rest() == []
        assert await outcome(client, held) == "cancelled"


async def test_another_session_cannot_cancel(fixtures: Server) -> None:
    held = label()
    call = calling("test_hold", "held", label=held)
    async with (
        await Http(fixtures).open() as client,
        await Http(fixtures).open() as other,
        client.stream(call) as events,
    ):
        await events.message()
        await other.post(notification("notifications/cancelled", requestId="held"))
        await client.call("test_release", label=held)
        assert (await events.message())["result"]["structuredContent"] == {"outcome": "released"}


async def test_a_lost_connection_does_not_end_the_call_of_a_session(fixtures: Server) -> None:
    held = label()
    async with await Http(fixtures).open() as client:
        async with client.stream(calling("test_hold", "held", label=held)) as events:
            await events.message()
        # The same connection pool opens a new connection for this, after the old one was closed.
        assert (await client.ask("ping"))["result"] == {}
        async with client.listen(events.last_id) as resumed:
            await client.call("test_release", label=held)
            message = await resumed.message()
        assert (message["id"], message["result"]["structuredContent"]) == ("held", {"outcome": "released"})


async def test_closing_the_stream_ends_a_stateless_call(fixtures: Server) -> None:
    held = label()
    async with Stateless(fixtures, log_level="info") as client:
        async with client.stream(calling("test_hold", label=held)) as events:
            assert (await events.message())["method"] == "notifications/message"
        assert await outcome(client, held) == "cancelled"


async def test_hanging_up_before_anything_was_sent_ends_a_stateless_call(fixtures: Server) -> None:
    held = label()
    async with Stateless(fixtures) as client, Stateless(fixtures) as observer:
        call = asyncio.create_task(client.call("test_hold", label=held))
        await observer.call("test_begun", label=held)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        assert await outcome(observer, held) == "cancelled"


async def test_a_notification_does_not_end_a_stateless_call_over_http(fixtures: Server) -> None:
    held = label()
    call = calling("test_hold", "held", label=held)
    async with Stateless(fixtures, log_level="info") as client, client.stream(call) as events:
        await events.message()
        cancelled = notification("notifications/cancelled", requestId="held")
        assert (await client.post(cancelled)).status_code == 202
        await client.call("test_release", label=held)
        assert (await events.message())["result"]["structuredContent"] == {"outcome": "released"}


async def test_a_notification_ends_a_call_of_a_websocket_in_both_eras(fixtures: Server) -> None:
    async with opened_socket(fixtures) as client, socket(fixtures) as stateless, Stateless(fixtures) as observer:
        for one, meta in ((client, {}), (stateless, envelope())):
            held = label()
            call = calling("test_hold", "held", label=held)
            await one.send({**call, "params": {**call["params"], **meta}})
            await observer.call("test_begun", label=held)
            await one.send(notification("notifications/cancelled", requestId="held"))
            assert await outcome(observer, held) == "cancelled"
            await one.send(request("ping", meta, "after") if not meta else request("server/discover", meta, "after"))
            while "method" in (told := await one.receive()):
                assert told["method"] == "notifications/message"
            assert told["id"] == "after"


async def test_a_websocket_that_closes_ends_its_calls(fixtures: Server) -> None:
    held = label()
    async with Stateless(fixtures) as observer:
        async with opened_socket(fixtures) as client:
            await client.send(calling("test_hold", label=held))
            await observer.call("test_begun", label=held)
        assert await asyncio.wait_for(outcome(observer, held), SECONDS) == "cancelled"


def test_a_notification_ends_a_call_of_stdio(stdio: Stdio) -> None:
    stdio.send(opening())
    stdio.read()
    stdio.send(calling("test_hold", "held", label="stdio"))
    assert stdio.read()["method"] == "notifications/message"
    stdio.send(notification("notifications/cancelled", requestId="held"))
    stdio.send(calling("test_outcome", "outcome", label="stdio"))
    told = stdio.read()
    assert (told["id"], told["result"]["structuredContent"]) == ("outcome", {"outcome": "cancelled"})


def test_cancelling_what_does_not_run_is_ignored(stdio: Stdio) -> None:
    for strange in ("nobody", 7, None, {"a": 1}, [1], 1.5, True):
        stdio.send(notification("notifications/cancelled", requestId=strange))
    stdio.send(notification("notifications/cancelled"))
    assert stdio.ask("ping")["result"] == {}
