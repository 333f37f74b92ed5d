"""What a probe is told of an issuer's keys as time passes, on a clock that the test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from oauth_resource.resource.errors import IssuerUnavailable
from oauth_resource.resource.fetching import HttpFetch
from oauth_resource.resource.keys import STALE_SECONDS, RemoteKeys
from tests.oauth.stand_in import StandIn

TTL = 600.0


class Clock:
    seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def keys(own_issuer: StandIn, clock: Clock) -> AsyncIterator[RemoteKeys]:
    async with aclosing(HttpFetch()) as fetch:
        yield RemoteKeys(f"{own_issuer.url}/jwks", fetch, ttl=TTL, clock=clock)


async def test_fresh_then_stale_then_none_then_fresh_again(keys: RemoteKeys, own_issuer: StandIn, clock: Clock) -> None:
    assert await keys.ready() == {"keys": 3, "age": 0, "stale": False}
    own_issuer.stop()
    clock.seconds += TTL - 1
    assert await keys.ready() == {"keys": 3, "age": TTL - 1, "stale": False}
    clock.seconds += 1
    assert await keys.ready() == {"keys": 3, "age": TTL, "stale": True}
    clock.seconds += STALE_SECONDS
    with pytest.raises(IssuerUnavailable):
        await keys.ready()
    own_issuer.restart()
    clock.seconds += TTL
    assert await keys.ready() == {"keys": 3, "age": 0, "stale": False}


async def test_none_at_the_start_until_the_issuer_is_there(keys: RemoteKeys, own_issuer: StandIn) -> None:
    own_issuer.stop()
    with pytest.raises(IssuerUnavailable):
        await keys.ready()
    own_issuer.restart()
    assert await keys.ready() == {"keys": 3, "age": 0, "stale": False}
