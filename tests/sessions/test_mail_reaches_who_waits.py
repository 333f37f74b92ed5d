from __future__ import annotations

import asyncio

from mcp_tools.sessions.mailbox import MAIL_SECONDS, topic_of
from tests.sessions.planes import Processes


async def test_mail_delivered_there_is_taken_here_once(processes: Processes) -> None:
    await processes.here.mail.open("someone:1")
    assert await processes.here.mail.take("someone:1") is None
    assert await processes.there.mail.put("someone:1", b"an answer") is True
    assert await processes.here.mail.take("someone:1") == b"an answer"
    assert await processes.here.mail.take("someone:1") is None


async def test_mail_nobody_waits_for_is_refused(processes: Processes) -> None:
    assert await processes.there.mail.put("nobody:1", b"an answer") is False
    await processes.here.mail.open("nobody:1")
    assert await processes.here.mail.take("nobody:1") is None
    await processes.here.mail.close("nobody:1")
    assert await processes.there.mail.put("nobody:1", b"late") is False
    assert await processes.here.mail.take("nobody:1") is None


async def test_mail_is_for_its_address_alone(processes: Processes) -> None:
    await processes.here.mail.open("one:1")
    await processes.here.mail.open("two:1")
    await processes.there.mail.put("one:1", b"for one")
    assert await processes.here.mail.take("two:1") is None
    assert await processes.here.mail.take("one:1") == b"for one"


async def test_opening_again_loses_nothing(processes: Processes) -> None:
    await processes.here.mail.open("again:1")
    await processes.there.mail.put("again:1", b"an answer")
    await processes.here.mail.open("again:1")
    assert await processes.here.mail.take("again:1") == b"an answer"


async def test_a_waiter_is_woken(processes: Processes) -> None:
    woken = asyncio.Event()
    stop = processes.here.bus.listen(topic_of("woken:1"), lambda _: woken.set())
    await processes.here.mail.open("woken:1")
    async with asyncio.timeout(20):
        while not woken.is_set():
            await processes.there.mail.put("woken:1", b"an answer")
            await asyncio.sleep(0)
    stop()


async def test_what_a_lost_process_waited_for_does_not_stay(processes: Processes) -> None:
    if processes.here is processes.there:
        return
    await processes.here.mail.open("lost:1")
    await processes.there.mail.put("lost:1", b"an answer")
    await processes.let_pass(MAIL_SECONDS + 1)
    assert await processes.there.mail.take("lost:1") is None
    assert await processes.there.mail.put("lost:1", b"another") is False
