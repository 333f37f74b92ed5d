from __future__ import annotations

import asyncio

from mcp_tools.sessions.errors import AlreadyRunning
from mcp_tools.sessions.following import lease_of
from mcp_tools.transports.http.stream import Frame, RequestStream
from tests.sessions.planes import OnRedis, until


async def test_the_end_of_its_stream_is_seen_and_its_id_comes_free(on_redis: OnRedis) -> None:
    """The second cancellation comes while the first is being written down."""
    session = await on_redis.here.sessions.open("http")
    await on_redis.here.sessions.get(session.id, 1)
    stream = RequestStream(on_redis.here, session, 1)
    await stream.open()
    opened = await stream.next()
    assert isinstance(opened, Frame)
    ending = asyncio.create_task(stream.finish(None))
    await asyncio.sleep(0)
    ending.cancel()
    last = await stream.next(20)
    assert isinstance(last, Frame)
    assert last.last
    name = opened.data.decode().partition(":")[2].rpartition(":")[0].strip().rpartition(":")[0]

    async def free() -> bool:
        try:
            await on_redis.there.sessions.get(session.id, 1)
        except AlreadyRunning:
            return False
        return not await on_redis.there.leases.held(lease_of(session.uid, name))

    await until(free)
