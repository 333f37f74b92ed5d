"""Attack group 33: what the issuer refused is refused for a moment without another question, and then asked again."""

from __future__ import annotations

import math
from typing import Any

import pytest

from mcp_tools.sessions.bus import LocalBus
from oauth_resource.principal import Principal
from oauth_resource.resource.claims import Access
from oauth_resource.resource.errors import InvalidToken
from oauth_resource.resource.introspection import Revoked
from oauth_resource.resource.validation import MAX_REMEMBERED, REFUSED_SECONDS, TokenValidator
from tests.oauth.checking import checking
from tests.oauth.stand_in import StandIn


@pytest.mark.parametrize(
    "changes",
    [{"aud": "https://other.example.com"}, {"client_id": "another"}, {"exp": 1}, {"sub": None}, {"active": False}],
    ids=str,
)
async def test_one_question_for_many_tries(own_issuer: StandIn, changes: dict[str, Any]) -> None:
    async with checking(own_issuer, jwt=False, introspects=True, clients=["test-client"]) as checks:
        token = own_issuer.opaque(**changes)
        for _ in range(5):
            assert await checks.refuses(token)
        assert own_issuer.asked == 1
        checks.ahead[0] = REFUSED_SECONDS + 1
        assert await checks.refuses(token)
        assert own_issuer.asked == 2


async def test_a_jwt_that_the_issuer_contradicts_is_asked_about_once(own_issuer: StandIn) -> None:
    async with checking(own_issuer, introspects=True) as checks:
        token = own_issuer.token()
        own_issuer.active[token] = {"active": True, "sub": "bob"}
        for _ in range(5):
            assert await checks.refuses(token)
        assert own_issuer.asked == 1


async def test_an_open_socket_is_checked_with_the_issuer_each_time(own_issuer: StandIn) -> None:
    async with checking(own_issuer, jwt=False, introspects=True) as checks:
        token = own_issuer.opaque()
        _, access = await checks.authenticator.enter_socket([f"Bearer {token}"], [], "/mcp")
        assert await checks.authenticator.again(token, "/mcp") == access
        own_issuer.active[token] = {"active": False}
        assert await checks.access(token) == access, "a request believes what was decided a moment ago"
        with pytest.raises(InvalidToken):
            await checks.authenticator.again(token, "/mcp")
        assert await checks.refuses(token), "and no longer, once a socket knows better"


class Honest:
    """Knows one good token."""

    async def access(self, token: str) -> Access:
        if token != "good":
            raise Revoked("not active")
        return Access(Principal("https://issuer.example", "ann", "client", frozenset({"mcp.read"})), math.inf)

    async def confirm(self, token: str, validated: Access) -> Access:
        return await self.access(token)


async def test_made_up_tokens_do_not_push_out_good_ones() -> None:
    validator = TokenValidator(None, Honest(), LocalBus(), ttl=300)
    access = await validator.access("good")
    for number in range(MAX_REMEMBERED + 1):
        with pytest.raises(InvalidToken):
            await validator.access(f"made-up-{number}")
    assert validator.remembered("good") == access
