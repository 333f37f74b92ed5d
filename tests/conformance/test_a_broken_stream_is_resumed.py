"""Resumption by ``Last-Event-ID``, priming and polling (2025-11-25 page basic/transports#resumability)."""

from __future__ import annotations

from tests.conformance.clients import Http, Stateless, calling, label, text_of
from tests.processes import Server


async def test_a_long_call_lets_its_client_come_back_for_the_answer(fixtures: Server) -> None:
    async with await Http(fixtures).open() as client:
        async with client.stream(calling("test_reconnection", "long")) as events:
            seen = [event async for event in events]
        assert [event.data for event in seen] == ["", ""]
        assert seen[0].id and seen[0].retry is None
        assert seen[1].id != seen[0].id and seen[1].retry is not None and int(seen[1].retry) > 0
        async with client.listen(events.last_id) as resumed:
            message = await resumed.message()
            assert await resumed.rest() == []
        assert (message["id"], text_of(message)) == ("long", "The call went on without its connection.")


async def test_a_client_that_saw_only_the_first_event_misses_nothing(fixtures: Server) -> None:
    held = label()
    async with await Http(fixtures).open() as client:
        async with client.stream(calling("test_hold", "held", label=held)) as events:
            first = await anext(aiter(events))
        assert first.data == "" and first.id
        async with client.listen(first.id) as resumed:
            assert (await resumed.message())["params"]["data"] == "begun"
            await client.call("test_release", label=held)
            assert (await resumed.message())["id"] == "held"


async def test_only_the_stream_that_broke_is_replayed(fixtures: Server) -> None:
    one, two = label(), label()
    async with await Http(fixtures).open() as client:
        async with client.stream(calling("test_hold", "one", label=one)) as events:
            await events.message()
        async with client.stream(calling("test_hold", "two", label=two)) as others:
            await others.message()
        for held in (two, one):
            await client.call("test_release", label=held)
        async with client.listen(events.last_id) as resumed:
            assert [message["id"] for message in await resumed.rest()] == ["one"]
        async with client.listen(others.last_id) as resumed:
            assert [message["id"] for message in await resumed.rest()] == ["two"]


async def test_an_answer_can_be_fetched_more_than_once(fixtures: Server) -> None:
    async with await Http(fixtures).open() as client:
        async with client.stream(calling("test_tool_with_logging", "call")) as events:
            first = await anext(aiter(events))
            assert len(await events.rest()) == 4
        for _ in range(2):
            async with client.listen(first.id) as again:
                assert [message.get("id") for message in await again.rest()] == [None, None, None, "call"]


async def test_older_clients_get_no_empty_event_and_are_not_sent_away(fixtures: Server) -> None:
    async with await Http(fixtures).open("2025-06-18") as client:
        async with client.stream(calling("test_reconnection", "long")) as events:
            seen = [event async for event in events]
        assert len(seen) == 1 and seen[0].data and seen[0].retry is None


async def test_another_session_cannot_resume(fixtures: Server) -> None:
    async with await Http(fixtures).open() as client, await Http(fixtures).open() as other:
        async with client.stream(calling("test_tool_with_logging")) as events:
            await events.rest()
        async with other.listen(events.last_id) as stolen:
            assert stolen.response.status_code == 400


async def test_an_event_id_that_is_not_ours_is_refused(fixtures: Server) -> None:
    async with await Http(fixtures).open() as client:
        for made_up in ("", "x", "nothing:1-0", ":1-0", "a:b:c", "MQ.00000000:999-0"):
            async with client.listen(made_up) as refused:
                assert refused.response.status_code == 400, made_up


async def test_a_stateless_stream_has_no_event_ids_and_ignores_what_resumes(fixtures: Server) -> None:
    async with Stateless(fixtures, log_level="info") as client:
        async with client.stream(calling("test_tool_with_logging"), **{"Last-Event-ID": "MQ.00000000:1-0"}) as events:
            seen = [event async for event in events]
        assert len(seen) == 4
        assert {event.id for event in seen} == {None}
