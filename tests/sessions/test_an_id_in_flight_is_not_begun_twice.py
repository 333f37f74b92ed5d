from __future__ import annotations

import pytest

from mcp_tools.sessions.errors import AlreadyRunning
from mcp_tools.sessions.leases import running_of
from tests.sessions.planes import OnRedis


async def test_the_same_id_is_refused_until_it_is_given_up(on_redis: OnRedis) -> None:
    session = await on_redis.here.sessions.open("http")
    assert await on_redis.here.sessions.get(session.id, 7) is not None
    with pytest.raises(AlreadyRunning):
        await on_redis.there.sessions.get(session.id, 7)
    await on_redis.here.leases.release(running_of(session.id, 7))
    assert await on_redis.there.sessions.get(session.id, 7) is not None


async def test_an_id_that_is_given_up_at_this_moment_can_be_used(on_redis: OnRedis) -> None:
    session = await on_redis.here.sessions.open("http")
    for _ in range(10):
        assert await on_redis.here.sessions.get(session.id, 1) is not None
        on_redis.here.leases.keep(running_of(session.id, 1))
        on_redis.here.leases.let_go(running_of(session.id, 1))
        assert await on_redis.there.sessions.get(session.id, 1) is not None
        on_redis.there.leases.keep(running_of(session.id, 1))
        await on_redis.there.leases.release(running_of(session.id, 1))


async def test_a_number_and_a_text_and_another_session_are_other_ids(on_redis: OnRedis) -> None:
    one, two = await on_redis.here.sessions.open("http"), await on_redis.here.sessions.open("http")
    for session, request_id in ((one, 1), (one, "1"), (two, 1), (two, "1")):
        assert await on_redis.there.sessions.get(session.id, request_id) is not None


async def test_an_id_nobody_keeps_comes_free(on_redis: OnRedis) -> None:
    """So a process that was killed, or refused the request after all, blocks it for a moment only."""
    session = await on_redis.here.sessions.open("http")
    assert await on_redis.here.sessions.get(session.id, 7) is not None
    await on_redis.let_pass(10)
    assert await on_redis.there.sessions.get(session.id, 7) is not None
