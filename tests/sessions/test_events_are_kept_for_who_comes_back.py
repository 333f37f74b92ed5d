from __future__ import annotations

import asyncio

import pytest

from mcp_tools.sessions.events import BEGINNING, MAX_EVENTS, Event, position, topic_of
from tests.sessions.planes import TTL, Processes

UID = "0123456789abcdef"


async def test_events_come_in_order_and_from_where_the_client_was(processes: Processes) -> None:
    ids = [await processes.here.events.append(UID, "in order", str(number).encode()) for number in range(20)]
    assert sorted(ids, key=position) == ids
    kept = await processes.there.events.after(UID, "in order", BEGINNING)
    assert kept == [Event(event_id, str(number).encode()) for number, event_id in enumerate(ids)]
    assert await processes.there.events.after(UID, "in order", ids[4]) == kept[5:]
    assert await processes.there.events.after(UID, "in order", ids[-1]) == []
    assert await processes.there.events.last(UID, "in order") == ids[-1]


async def test_writers_at_the_same_time_lose_nothing(processes: Processes) -> None:
    planes = [processes.here, processes.there] * 100
    ids = await asyncio.gather(
        *(plane.events.append(UID, "crowded", str(n).encode()) for n, plane in enumerate(planes))
    )
    kept = await processes.here.events.after(UID, "crowded", BEGINNING)
    assert [event.id for event in kept] == sorted(ids, key=position)
    assert {int(event.message) for event in kept} == set(range(200))


async def test_an_end_is_marked(processes: Processes) -> None:
    await processes.here.events.append(UID, "ends", b"first")
    await processes.here.events.append(UID, "ends", b"last", end=True)
    assert [event.end for event in await processes.there.events.after(UID, "ends", BEGINNING)] == [False, True]


async def test_streams_and_sessions_do_not_mix(processes: Processes) -> None:
    await processes.here.events.append(UID, "a", b"of a")
    await processes.here.events.append("fedcba9876543210", "a", b"of another session")
    assert [event.message for event in await processes.there.events.after(UID, "a", BEGINNING)] == [b"of a"]
    assert await processes.there.events.after(UID, "b", BEGINNING) == []
    assert await processes.there.events.last(UID, "b") == BEGINNING


async def test_the_newest_events_are_kept(processes: Processes) -> None:
    for number in range(MAX_EVENTS + 300):
        await processes.here.events.append(UID, "long", str(number).encode())
    kept = [int(event.message) for event in await processes.there.events.after(UID, "long", BEGINNING)]
    assert kept == list(range(kept[0], MAX_EVENTS + 300))
    assert MAX_EVENTS <= len(kept) <= MAX_EVENTS + 200


async def test_a_silent_stream_expires(processes: Processes) -> None:
    await processes.here.events.append(UID, "silent", b"once")
    await processes.let_pass(TTL * 0.6)
    await processes.here.events.append(UID, "silent", b"twice")
    await processes.let_pass(TTL * 0.6)
    assert len(await processes.there.events.after(UID, "silent", BEGINNING)) == 2
    await processes.let_pass(TTL * 0.6)
    await processes.here.events.append(UID, "another", b"so that somebody looks")
    assert await processes.there.events.after(UID, "silent", BEGINNING) == []


async def test_who_follows_is_woken(processes: Processes) -> None:
    woken = asyncio.Event()
    stop = processes.there.bus.listen(topic_of(UID, "woken"), lambda _: woken.set())
    async with asyncio.timeout(20):
        while not woken.is_set():
            await processes.here.events.append(UID, "woken", b"{}")
            await asyncio.sleep(0)
    stop()


@pytest.mark.parametrize("text", ["", "1", "1-", "-1", "a-b", "1-1-1", "+1-0", " 1-0", "1_0-0", "1" * 19 + "-0", "٣-0"])
def test_an_id_that_is_none_is_no_position(text: str) -> None:
    with pytest.raises(ValueError, match="not an event id"):
        position(text)
