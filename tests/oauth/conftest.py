from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.oauth import peer
from tests.oauth.stand_in import StandIn, stand_in
from tests.operations.places import postgres
from tests.peers.environments import InstallFailed
from tests.processes import Server, server
from tests.requirements import REDIS, absent, need


@pytest.fixture(scope="session")
def issuer() -> Iterator[StandIn]:
    """The authorization server that :func:`live` trusts. Tests that trouble one make their own."""
    with stand_in() as running:
        yield running


@pytest.fixture(scope="session")
def live(issuer: StandIn) -> Iterator[Server]:
    """One server under OAuth with the embedded Gauzy, whose account everybody shares."""
    with server(issuer.environment(MCP_WS_ALLOWED_ORIGINS="https://app.example.com")) as running:
        yield running
    assert "Traceback" not in running.logged(), running.logged()


@pytest.fixture
def client(live: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=live.http, timeout=30) as opened:
        yield opened


@pytest.fixture
def own_issuer() -> Iterator[StandIn]:
    with stand_in() as running:
        yield running


@pytest.fixture
def redis_url() -> str:
    need("redis")
    return os.environ.get("REDIS_URL", REDIS)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """One database for all tests of a worker: owners keep them apart."""
    with postgres() as url:
        yield url


@pytest.fixture(scope="session")
def oauth_modules() -> Path:
    need("node")
    try:
        return peer.node_modules()
    except InstallFailed as error:
        absent("node", str(error))


@pytest.fixture
def live_address(live: Server) -> str:
    return live.http
