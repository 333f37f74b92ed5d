from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.processes import Server, server
from tests.redis_server import PrivateRedis, private, shared_url
from tests.sessions.planes import Memory, OnRedis, Processes

ORIGIN = "https://dashboard.example.com"
CALM = {"THROTTLE_ENABLED": "false"}
"""Tests ask faster than anybody may."""

REDISES = ["redis", "redis 6.2"]


@pytest.fixture(scope="session")
def newest_redis() -> Iterator[PrivateRedis]:
    with private() as server:
        yield server


@pytest.fixture(scope="session")
def oldest_redis() -> Iterator[PrivateRedis]:
    """The oldest Redis that we support, so that no newer command slips in."""
    with private(old=True) as server:
        yield server


@pytest.fixture
def lone_redis() -> Iterator[PrivateRedis]:
    """A Redis that the test may stop."""
    with private() as server:
        yield server


@pytest.fixture(params=["memory", *REDISES])
async def processes(request: pytest.FixtureRequest) -> AsyncIterator[Processes]:
    """The shared state as two processes see it, ``here`` and ``there``; in memory both are the same one."""
    if request.param == "memory":
        yield Memory()
        return
    async with aclosing(OnRedis(_url(request))) as made:
        yield made


@pytest.fixture(params=REDISES)
async def on_redis(request: pytest.FixtureRequest) -> AsyncIterator[OnRedis]:
    """The same, for what only Redis has."""
    async with aclosing(OnRedis(_url(request))) as made:
        yield made


def _url(request: pytest.FixtureRequest) -> str:
    server = request.getfixturevalue("newest_redis" if request.param == "redis" else "oldest_redis")
    return str(server.url)


@dataclass(frozen=True)
class Pair:
    """Two server processes on one Redis and one home: what a load balancer would choose between."""

    a: Server
    b: Server


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Shared by the tests of a worker: sessions keep them apart. Whatever they do, no process logs a traceback."""
    with serving(shared_url(), tmp_path_factory.mktemp("home")) as both:
        yield both
        for one in (both.a, both.b):
            assert "Traceback" not in one.logged(), one.logged()


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=30) as client:
        yield client


@contextmanager
def serving(redis_url: str, home: Path) -> Iterator[Pair]:
    extra = {**CALM, "REDIS_URL": redis_url, "MCP_CORS_ORIGIN": ORIGIN, "MCP_WS_ALLOWED_ORIGINS": ORIGIN}
    command = ("-m", "tests.sessions.serve")
    with server(extra, str(home), command) as a, server(extra, str(home), command) as b:
        yield Pair(a, b)
