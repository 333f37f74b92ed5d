"""RFC 8725 section 3.1: a key that is published for one algorithm verifies no other, of the same family or not."""

from __future__ import annotations

import pytest

from tests.oauth.checking import checking
from tests.oauth.stand_in import PAIRS, StandIn

ALL = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256")


@pytest.mark.parametrize(
    ("pair", "algorithm"),
    [("RS256", "RS512"), ("RS256", "RS384"), ("RS256", "PS256"), ("PS256", "PS512"), ("PS256", "RS256")],
)
async def test_another_algorithm_than_the_published_one(issuer: StandIn, pair: str, algorithm: str) -> None:
    async with checking(issuer, algorithms=ALL) as checks:
        assert await checks.refuses(issuer.token(pair, header={"alg": algorithm}))
        assert not await checks.refuses(issuer.token(pair))


async def test_a_key_without_an_algorithm_verifies_those_that_are_accepted(own_issuer: StandIn) -> None:
    own_issuer.keys = [{name: value for name, value in PAIRS["RS256"].jwk.items() if name != "alg"}]
    async with checking(own_issuer, algorithms=["RS256", "RS512"]) as checks:
        assert not await checks.refuses(own_issuer.token(header={"alg": "RS512"}))
        assert await checks.refuses(own_issuer.token(header={"alg": "RS384"}))
