from __future__ import annotations

import asyncio
import sys

from mcp_tools.sessions import on_redis as redis_plane
from tests.processes import ROOT
from tests.redis_server import PrivateRedis
from tests.sessions.planes import KEY, TTL, OnRedis, Processes, until

SHORT_SECONDS = 0.5


async def test_a_lease_taken_here_is_seen_there_until_it_is_given_up(processes: Processes) -> None:
    assert await processes.there.leases.held("call") is False
    await processes.here.leases.hold("call")
    assert await processes.there.leases.held("call") is True
    assert await processes.there.leases.held("another call") is False
    await processes.here.leases.release("call")
    assert await processes.there.leases.held("call") is False


async def test_a_lease_can_be_given_up_without_waiting(processes: Processes) -> None:
    await processes.here.leases.hold("call")
    processes.here.leases.let_go("call")
    await until(lambda: processes.there.leases.held("call"), wanted=False)


async def test_a_killed_process_loses_its_lease_and_a_live_one_keeps_it(on_redis: OnRedis) -> None:
    """The live one is held through several of the lives that a lease has."""
    command = ("-m", "tests.sessions.holder", on_redis.url)
    doomed, spared = [
        await asyncio.create_subprocess_exec(
            sys.executable, *command, name, str(SHORT_SECONDS), cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        for name in ("doomed", "spared")
    ]
    try:
        for process in (doomed, spared):
            assert process.stdout is not None
            assert await process.stdout.readline() == b"held\n"
        await asyncio.sleep(3 * SHORT_SECONDS)
        assert await on_redis.there.leases.held("doomed") is True
        doomed.kill()
        await until(lambda: on_redis.there.leases.held("doomed"), wanted=False)
        assert await on_redis.there.leases.held("spared") is True
    finally:
        spared.kill()
        await asyncio.gather(doomed.wait(), spared.wait())


async def test_a_lease_comes_back_with_redis(lone_redis: PrivateRedis) -> None:
    here = redis_plane.on_redis(lone_redis.url, TTL, KEY, lease_seconds=SHORT_SECONDS)
    there = redis_plane.on_redis(lone_redis.url, TTL, KEY)
    await here.leases.hold("call")
    lone_redis.stop()
    await asyncio.sleep(2 * SHORT_SECONDS)
    lone_redis.start()
    await until(lambda: there.leases.held("call"))
    await here.aclose()
    await there.aclose()
