from __future__ import annotations

import asyncio

from tests.sessions.planes import Processes


async def test_a_record_made_here_is_changed_there(processes: Processes) -> None:
    await processes.here.records.create("one", {"status": "working", "questions": {}, "ttl": 5}, 100)
    assert await processes.there.records.change("one", {"questions": {"name": ["a", 1, None]}}) is True
    assert await processes.here.records.read("one") == {
        "status": "working",
        "questions": {"name": ["a", 1, None]},
        "ttl": 5,
    }


async def test_changes_of_different_fields_at_the_same_time_all_count(processes: Processes) -> None:
    await processes.here.records.create("crowded", {"status": "working"}, 100)
    planes = [processes.here, processes.there] * 20
    await asyncio.gather(*(plane.records.change("crowded", {f"f{n}": n}) for n, plane in enumerate(planes)))
    read = await processes.there.records.read("crowded")
    assert read == {"status": "working", **{f"f{number}": number for number in range(40)}}


async def test_a_record_ends_in_its_time_and_does_not_come_back(processes: Processes) -> None:
    await processes.here.records.create("short", {"status": "working"}, 100)
    await processes.let_pass(60)
    assert await processes.there.records.change("short", {"status": "still working"}) is True
    await processes.let_pass(60)
    assert await processes.there.records.change("short", {"status": "completed"}) is False
    assert await processes.there.records.read("short") is None


async def test_there_is_no_record_that_nobody_made(processes: Processes) -> None:
    assert await processes.there.records.read("never") is None
    assert await processes.there.records.change("never", {"status": "completed"}) is False
    assert await processes.there.records.read("never") is None


async def test_what_was_read_is_the_readers_own(processes: Processes) -> None:
    await processes.here.records.create("mine", {"status": "working"}, 100)
    read = await processes.here.records.read("mine")
    assert read is not None
    read["status"] = "changed by the reader"
    assert await processes.there.records.read("mine") == {"status": "working"}
