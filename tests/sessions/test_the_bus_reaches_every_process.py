from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from mcp_tools.sessions import on_redis as redis_plane
from mcp_tools.sessions.backplane import Backplane
from mcp_tools.sessions.on_redis.bus import RedisBus
from mcp_tools.sessions.on_redis.connection import Connection
from tests.redis_server import PrivateRedis
from tests.sessions.planes import KEY, TTL, OnRedis, Processes, until
from tests.sessions.proxy import Proxy


async def heard_by(plane: Backplane, topic: str, teller: Backplane) -> list[Any]:
    """What ``plane`` hears of ``topic`` from now on, when it surely listens."""
    heard: list[Any] = []
    plane.bus.listen(topic, heard.append)
    numbers = itertools.count()

    async def told() -> bool:
        await teller.bus.publish(topic, next(numbers))
        return any(isinstance(one, int) for one in heard)

    await until(told)
    await teller.bus.publish(topic, "begin")
    await until(lambda: "begin" in heard)
    heard.clear()
    return heard


async def test_a_message_is_heard_in_every_process_once(processes: Processes) -> None:
    here = await heard_by(processes.here, "news", processes.there)
    there = await heard_by(processes.there, "news", processes.here)
    here.clear()
    await processes.here.bus.publish("news", {"number": [1, None, "x"]})
    await processes.here.bus.publish("other news", "nobody listens")
    await processes.here.bus.publish("news", "the last")
    await until(lambda: "the last" in there)
    expected = [{"number": [1, None, "x"]}, "the last"]
    assert (here, there) == (expected, expected)


async def test_who_stopped_listening_hears_nothing(processes: Processes) -> None:
    heard: list[Any] = []
    stop = processes.there.bus.listen("news", heard.append)
    witness = await heard_by(processes.there, "news", processes.here)
    stop()
    stop()
    heard.clear()
    await processes.here.bus.publish("news", "late")
    await until(lambda: witness == ["late"])
    assert heard == []


async def test_a_message_that_cannot_be_taken_does_not_stop_the_next(on_redis: OnRedis) -> None:
    heard = await heard_by(on_redis.there, "news", on_redis.here)
    on_redis.there.bus.listen("bad news", lambda payload: payload["no such"])
    await on_redis.here.bus.publish("bad news", ["a list"])
    for nonsense in (b"", b"\xff", b"[]", b'{"a": 1}', b"[[], [], []]"):
        await on_redis.redis.publish("gauzy-mcp:bus:0", nonsense)
    await on_redis.here.bus.publish("news", "good")
    await until(lambda: heard == ["good"])


async def test_databases_of_one_redis_do_not_hear_each_other(on_redis: OnRedis) -> None:
    other = redis_plane.on_redis(on_redis.url[:-1] + "1", TTL, KEY)
    heard = await heard_by(on_redis.there, "news", on_redis.here)
    await heard_by(other, "news", other)
    await other.bus.publish("news", "of another deployment")
    await on_redis.here.bus.publish("news", "ours")
    await until(lambda: "ours" in heard)
    assert heard == ["ours"]
    await other.aclose()


async def test_after_a_restart_of_redis_everybody_looks_for_themselves(lone_redis: PrivateRedis) -> None:
    """None says that messages may have been missed."""
    here, there = redis_plane.on_redis(lone_redis.url, TTL, KEY), redis_plane.on_redis(lone_redis.url, TTL, KEY)
    heard = await heard_by(there, "news", here)
    lone_redis.stop()
    lone_redis.start()
    await until(lambda: None in heard)
    await here.bus.publish("news", "again")
    await until(lambda: "again" in heard)
    await here.aclose()
    await there.aclose()


@pytest.fixture
async def proxy(on_redis: OnRedis) -> AsyncIterator[Proxy]:
    async with aclosing(await Proxy.to(on_redis.url)) as made:
        yield made


async def test_a_network_that_fell_silent_is_noticed(on_redis: OnRedis, proxy: Proxy) -> None:
    connection = Connection(proxy.url)
    bus, heard = RedisBus(connection, quiet_seconds=0.2), []
    bus.listen("news", heard.append)
    await until(lambda: None in heard)
    proxy.swallow()
    heard.clear()
    await until(lambda: proxy.connections > 1)
    await until(lambda: None in heard)
    assert await on_redis.redis.pubsub_numsub("gauzy-mcp:bus:0") != []
    await on_redis.here.bus.publish("news", "again")
    await until(lambda: "again" in heard)
    await bus.aclose()
    await connection.aclose()


async def test_a_quiet_bus_keeps_its_connection(proxy: Proxy) -> None:
    connection = Connection(proxy.url)
    bus, heard = RedisBus(connection, quiet_seconds=0.05), []
    bus.listen("news", heard.append)
    await until(lambda: proxy.carried > 10 and heard == [None])
    assert proxy.connections == 1
    assert heard == [None]
    await bus.aclose()
    await connection.aclose()
