from __future__ import annotations

from tests.sessions.planes import TTL, Processes

TOPIC = "tenant gauzy://task/1"


async def test_subscribers_are_known_in_every_process(processes: Processes) -> None:
    one, two, three = [await processes.here.sessions.open("http") for _ in range(3)]
    await processes.here.sessions.subscribe(one, TOPIC)
    await processes.there.sessions.subscribe(two, TOPIC)
    await processes.there.sessions.subscribe(two, TOPIC)
    await processes.there.sessions.subscribe(three, "tenant gauzy://task/2")
    for plane in (processes.here, processes.there):
        assert await plane.sessions.subscribers(TOPIC) == sorted([one.uid, two.uid])


async def test_nobody_hears_of_what_they_left(processes: Processes) -> None:
    session = await processes.here.sessions.open("http")
    await processes.here.sessions.subscribe(session, TOPIC)
    await processes.there.sessions.unsubscribe(session, TOPIC)
    await processes.there.sessions.unsubscribe(session, "tenant never subscribed")
    assert await processes.here.sessions.subscribers(TOPIC) == []


async def test_a_session_that_ended_hears_nothing(processes: Processes) -> None:
    ended, expired, alive = [await processes.here.sessions.open("http") for _ in range(3)]
    for session in (ended, expired, alive):
        await processes.here.sessions.subscribe(session, TOPIC)
    await processes.there.sessions.close(ended)
    await processes.let_pass(TTL * 0.6)
    assert await processes.there.sessions.get(alive.id) is not None
    await processes.let_pass(TTL * 0.6)
    await processes.here.sessions.cleanup()
    assert await processes.here.sessions.subscribers(TOPIC) == [alive.uid]


async def test_a_subscription_lives_as_long_as_its_session(processes: Processes) -> None:
    session = await processes.here.sessions.open("http")
    await processes.here.sessions.subscribe(session, TOPIC)
    for _ in range(4):
        await processes.let_pass(TTL * 0.6)
        assert await processes.there.sessions.get(session.id) is not None
    assert await processes.there.sessions.subscribers(TOPIC) == [session.uid]
