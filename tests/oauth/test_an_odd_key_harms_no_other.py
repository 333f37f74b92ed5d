"""RFC 7517 section 5: keys that cannot be read are ignored, whatever they are, and good ones are never lost by it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oauth_resource.resource.errors import InvalidToken, IssuerUnavailable
from oauth_resource.resource.fetching import Fetched, HttpFetch
from oauth_resource.resource.keys import RemoteKeys, read_keys
from tests.oauth.checking import checking
from tests.oauth.stand_in import PAIRS, StandIn
from tests.oauth.test_keys_that_are_old_are_said_to_be import Clock

TTL = 600.0
RSA, EC = PAIRS["RS256"].jwk, PAIRS["ES256"].jwk
ODD: list[Any] = [
    {**RSA, "key_ops": True}, {**RSA, "key_ops": "verify"}, {**RSA, "key_ops": {"verify": 1}}, {**EC, "crv": "P-1"},
    {**EC, "crv": None}, {**EC, "crv": ["P-256"]}, {**RSA, "n": 7}, {**RSA, "n": "!"}, {**RSA, "e": ""},
    {**RSA, "kty": ["RSA"]}, {**RSA, "kid": {}}, {**RSA, "alg": 1}, {**RSA, "use": ["sig"]}, {**EC, "x": EC["y"]},
    {**RSA, "n": "A" * 100_000}, {**RSA, "d": "AQAB"}, None, 5, "key", [], [RSA],
]  # fmt: skip

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


class Held(HttpFetch):
    """Fetches once ``free`` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.free = asyncio.Event()
        self.free.set()
        self.done = asyncio.Event()

    async def get(self, url: str) -> Fetched:
        await self.free.wait()
        fetched = await super().get(url)
        self.done.set()
        return fetched


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def keys(own_issuer: StandIn, clock: Clock) -> AsyncIterator[RemoteKeys]:
    async with aclosing(HttpFetch()) as fetch:
        yield RemoteKeys(f"{own_issuer.url}/jwks", fetch, ttl=TTL, clock=clock)


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_one_odd_key_is_skipped_and_the_others_stay(odd: Any) -> None:
    found = read_keys([odd, RSA, EC])
    assert [key.kid for key in found.usable] == [RSA["kid"], EC["kid"]]
    assert len(found.skipped) == 1


@pytest.mark.parametrize(
    "other",
    [{**RSA, "use": "enc"}, {**RSA, "alg": "RSA-OAEP"}, {**RSA, "key_ops": ["wrapKey"]}, {"kty": "OKP", "kid": "x"}],
    ids=["encryption", "algorithm", "operation", "type"],
)
def test_a_key_for_something_else_is_nothing_to_tell(other: Any) -> None:
    assert read_keys([other]).skipped == () and read_keys([other]).usable == []


@settings(deadline=None)
@given(st.sampled_from([RSA, EC, {}]), st.dictionaries(st.sampled_from([*RSA, *EC, "key_ops", "x5c"]), json_values))
def test_no_json_in_place_of_a_key_raises(key: dict[str, Any], changes: dict[str, Any]) -> None:
    read_keys([{**key, **changes}, changes, *changes.values()])


async def test_tokens_are_checked_while_the_issuer_lists_odd_keys(
    own_issuer: StandIn,
) -> None:
    own_issuer.keys = [*ODD, *own_issuer.keys]
    async with checking(own_issuer) as checks:
        assert (await checks.access(own_issuer.token())).principal.subject == "alice"
        assert (await checks.access(own_issuer.token("ES256"))).principal.subject == "alice"


async def test_an_odd_key_is_logged_once(
    keys: RemoteKeys, own_issuer: StandIn, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "gauzy_mcp.oauth")
    own_issuer.keys.append({**RSA, "kid": "odd", "key_ops": True})
    for _ in range(3):
        await keys.ready()
        clock.seconds += TTL
    assert own_issuer.fetched == 3
    assert [record.getMessage() for record in caplog.records] == [
        f"key skipped at {own_issuer.url}/jwks: 'odd' (key_ops or kid of another type)"
    ]


@pytest.mark.parametrize(
    "listed", [[], [{**RSA, "key_ops": True}], [{**RSA, "use": "enc"}]], ids=["none", "odd", "enc"]
)
async def test_a_set_without_a_usable_key_replaces_nothing(
    keys: RemoteKeys, own_issuer: StandIn, clock: Clock, listed: list[Any]
) -> None:
    await keys.candidates(RSA["kid"], "RS256")
    own_issuer.keys = listed
    clock.seconds += TTL
    assert await keys.candidates(RSA["kid"], "RS256")
    assert (await keys.ready())["stale"] is True, "a probe says that the keys are old"


async def test_an_issuer_that_never_listed_a_usable_key_is_not_ready(keys: RemoteKeys, own_issuer: StandIn) -> None:
    own_issuer.keys = []
    with pytest.raises(IssuerUnavailable):
        await keys.ready()


async def test_a_removed_key_is_refused_from_the_next_fetch_on(
    keys: RemoteKeys, own_issuer: StandIn, clock: Clock
) -> None:
    await keys.candidates(EC["kid"], "ES256")
    own_issuer.keys = [RSA]
    clock.seconds += TTL
    with pytest.raises(InvalidToken):
        await keys.candidates(EC["kid"], "ES256")


async def test_an_issuer_that_hangs_holds_up_no_known_key(own_issuer: StandIn, clock: Clock) -> None:
    async with aclosing(Held()) as fetch:
        keys = RemoteKeys(f"{own_issuer.url}/jwks", fetch, ttl=TTL, clock=clock)
        await keys.candidates(RSA["kid"], "RS256")
        fetch.free.clear()
        clock.seconds += TTL
        async with asyncio.timeout(3):
            assert await keys.candidates(RSA["kid"], "RS256")
            fetch.done.clear()
            fetch.free.set()
            await fetch.done.wait()
        assert own_issuer.fetched == 2, "the renewal went on behind"
