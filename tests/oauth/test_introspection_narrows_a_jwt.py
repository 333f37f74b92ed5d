"""RFC 7662 section 2.2: what an introspection answer leaves out is as the JWT says; what it says may only narrow."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from oauth_resource.scopes import expanded
from tests.oauth.checking import Checks, checking
from tests.oauth.stand_in import RESOURCE, StandIn


@pytest.fixture
async def both(issuer: StandIn) -> AsyncIterator[Checks]:
    """Keys and introspection, with a list of clients."""
    async with checking(issuer, introspects=True, clients=["test-client"]) as made:
        yield made


def answered(issuer: StandIn, answer: dict[str, Any], **claims: Any) -> str:
    """A JWT about which introspection says ``answer`` and nothing else."""
    token = issuer.token(**claims)
    issuer.active[token] = {"active": True, **answer}
    return token


@pytest.mark.parametrize(
    "answer",
    [{}, {"client_id": "test-client"}, {"azp": "test-client"}, {"sub": "alice"}, {"aud": RESOURCE}, {"scope": None}],
    ids=str,
)
async def test_what_is_left_out_is_as_the_jwt_says(both: Checks, issuer: StandIn, answer: dict[str, Any]) -> None:
    principal = (await both.access(answered(issuer, answer))).principal
    assert (principal.subject, principal.client_id) == ("alice", "test-client")
    assert expanded(principal.scopes) == {"mcp.read", "mcp.write"}


@pytest.mark.parametrize(
    "answer",
    [
        {"client_id": "another"}, {"azp": "another"}, {"cid": "another"}, {"sub": "bob"}, {"sub": ""}, {"client_id": 7},
        {"iss": "https://other.example.com"}, {"aud": "https://other.example.com"}, {"exp": 1},
        {"nbf": 9_999_999_999}, {"token_type": "refresh_token"}, {"scope": 7},
    ],
    ids=str,
)  # fmt: skip
async def test_an_answer_that_contradicts_the_jwt_refuses_it(
    both: Checks, issuer: StandIn, answer: dict[str, Any]
) -> None:
    assert await both.refuses(answered(issuer, answer))


@pytest.mark.parametrize(
    ("signed", "told", "left"),
    [
        ("mcp.read mcp.write", "mcp.read", {"mcp.read"}),
        ("mcp.write", "mcp.read", {"mcp.read"}),
        ("mcp.admin", "mcp.write other", {"mcp.read", "mcp.write"}),
        ("mcp.read", "mcp.read mcp.admin", {"mcp.read"}),
        ("mcp.read extra", "mcp.read extra", {"mcp.read", "extra"}),
        ("mcp.read mcp.write", "", set()),
    ],
)
async def test_only_scopes_that_both_name_count(
    both: Checks, issuer: StandIn, signed: str, told: str, left: set[str]
) -> None:
    principal = (await both.access(answered(issuer, {"scope": told}, scope=signed))).principal
    assert expanded(principal.scopes) == left


async def test_the_earlier_expiry_of_the_two_counts(both: Checks, issuer: StandIn) -> None:
    now = int(time.time())
    token = answered(issuer, {"exp": now + 60}, exp=now + 300)
    await both.access(token)
    both.ahead[0] = 60 + 31
    assert await both.refuses(token)
    both.ahead[0] = 0
    later = answered(issuer, {"exp": now + 300}, exp=now + 60)
    await both.access(later)
    both.ahead[0] = 60 + 31
    assert await both.refuses(later)


async def test_a_token_of_the_clients_own_is_compared_by_its_client(both: Checks, issuer: StandIn) -> None:
    own = {"sub": None, "gty": "client-credentials"}
    for answer in ({}, {"sub": "test-client"}):
        principal = (await both.access(answered(issuer, answer, **own))).principal
        assert principal.subject == "client_credentials:test-client"
    for answer in ({"sub": "alice"}, {"username": "alice"}, {"client_id": "another"}):
        assert await both.refuses(answered(issuer, answer, **own))
