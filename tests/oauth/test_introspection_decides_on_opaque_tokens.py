"""Attack groups 31 and 33 to 36: introspection that fails or lies, caches that end, and users that are disabled."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.oauth.knocking import is_refused, knock, opened
from tests.oauth.stand_in import Answer, StandIn, says, stand_in


def introspecting(issuer: StandIn, **more: str) -> dict[str, str]:
    """Introspection alone; without an issuer of JWTs."""
    environment = issuer.environment(**issuer.introspecting(**more))
    del environment["MCP_AUTH_JWT_JWKS_URI"]
    return environment


def with_members(issuer: StandIn, changes: dict[str, Any]) -> str:
    """An opaque token whose answer has ``changes``; a change to None leaves the member out."""
    token = issuer.opaque()
    answer = {**issuer.active[token], **changes}
    issuer.active[token] = {name: value for name, value in answer.items() if value is not None}
    return token


@pytest.fixture(scope="module")
def asking() -> Iterator[tuple[StandIn, httpx.Client]]:
    """An issuer, and a client of a server that asks it about every token."""
    with stand_in() as issuer, opened(introspecting(issuer)) as (_, client):
        yield issuer, client


def test_an_opaque_token_opens_when_its_issuer_says_so(asking: tuple[StandIn, httpx.Client]) -> None:
    issuer, client = asking
    assert knock(client, issuer.opaque()).status_code == 200
    assert knock(client, issuer.opaque(iss=None, exp=None, iat=None)).status_code == 200
    assert is_refused(knock(client, "unknown"))


@pytest.mark.parametrize("shape", [{"exp": None}, {"token_type": None}, {"exp": None, "token_type": "access_token"}])
def test_an_answer_that_fits_only_an_access_token_opens(
    asking: tuple[StandIn, httpx.Client], shape: dict[str, Any]
) -> None:
    """``exp`` without a type is what many servers answer; a type without ``exp`` is a token that does not expire."""
    issuer, client = asking
    assert knock(client, with_members(issuer, shape)).status_code == 200


def test_an_answer_that_fits_a_refresh_token_opens_nothing(asking: tuple[StandIn, httpx.Client]) -> None:
    issuer, client = asking
    assert is_refused(knock(client, with_members(issuer, {"exp": None, "token_type": None})))


@pytest.mark.parametrize(("required", "status"), [("true", 401), ("false", 200)])
def test_an_opaque_token_is_refused_unasked_where_a_jwt_is_required(
    own_issuer: StandIn, required: str, status: int
) -> None:
    environment = own_issuer.environment(**own_issuer.introspecting(MCP_AUTH_REQUIRE_AT_JWT=required))
    with opened(environment) as (_, client):
        assert knock(client, own_issuer.opaque()).status_code == status
        assert own_issuer.asked == (status == 200)


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://other.example.com"}, {"aud": None}, {"iss": "https://other.example.com"}, {"exp": 1},
        {"active": "true"}, {"active": 1}, {"active": None}, {"sub": None, "client_id": None}, {"token_type": "DPoP"},
        {"token_type": "refresh_token"}, {"nbf": 9_999_999_999}, {"cnf": {"jkt": "x"}},
    ],
)  # fmt: skip
def test_group_31_answers_that_do_not_let_this_server_be_entered(
    asking: tuple[StandIn, httpx.Client], changes: dict[str, Any]
) -> None:
    issuer, client = asking
    assert is_refused(knock(client, with_members(issuer, changes)))


@pytest.mark.parametrize("answer", [says(500), says(401), says(text="<html>"), says(text="[]"), says(302), says(204)])
def test_group_31_an_endpoint_that_cannot_tell_is_503(asking: tuple[StandIn, httpx.Client], answer: Answer) -> None:
    issuer, client = asking
    token = issuer.opaque()
    issuer.introspect = answer
    refused = knock(client, token)
    issuer.introspect = None
    assert refused.status_code == 503 and "Retry-After" in refused.headers
    assert knock(client, token).status_code == 200


def test_group_31_while_it_is_down_what_was_decided_holds_to_its_end(own_issuer: StandIn) -> None:
    with opened(introspecting(own_issuer)) as (_, client):
        token, later = own_issuer.opaque(), own_issuer.opaque()
        assert knock(client, token).status_code == 200
        own_issuer.stop()
        assert knock(client, token).status_code == 200
        assert knock(client, later).status_code == 503


def test_group_31_a_secret_that_the_issuer_does_not_know_is_our_fault(own_issuer: StandIn) -> None:
    environment = introspecting(own_issuer) | {"MCP_AUTH_INTROSPECTION_CLIENT_SECRET": "wrong"}
    with opened(environment) as (running, client):
        assert knock(client, own_issuer.opaque()).status_code == 503
        assert "wrong" not in running.logged()


def test_group_32_a_herd_with_one_token_is_one_question(own_issuer: StandIn) -> None:
    own_issuer.delay = 0.3
    token = own_issuer.opaque()
    with opened(introspecting(own_issuer)) as (_, client), ThreadPoolExecutor(24) as herd:
        answers = list(herd.map(lambda _: knock(client, token), range(24)))
        assert {answer.status_code for answer in answers} == {200}
        assert own_issuer.asked == 1


def test_group_33_a_no_is_remembered_for_a_moment(own_issuer: StandIn) -> None:
    with opened(introspecting(own_issuer)) as (_, client):
        for _ in range(20):
            assert is_refused(knock(client, "guessed"))
        assert own_issuer.asked == 1


def test_group_34_a_revocation_is_known_when_the_decision_ends(own_issuer: StandIn) -> None:
    with opened(introspecting(own_issuer, MCP_AUTH_TOKEN_CACHE_TTL="0")) as (_, client):
        token = own_issuer.opaque()
        assert knock(client, token).status_code == 200
        own_issuer.active.clear()
        assert is_refused(knock(client, token))


def test_group_34_with_keys_too_introspection_is_the_revocation_check(own_issuer: StandIn) -> None:
    environment = own_issuer.environment(**own_issuer.introspecting(MCP_AUTH_TOKEN_CACHE_TTL="0"))
    with opened(environment) as (_, client):
        token = own_issuer.token()
        assert is_refused(knock(client, token)), "signed well, and not active"
        token = own_issuer.token()
        own_issuer.active[token] = {"active": True, "sub": "alice"}
        assert knock(client, token).status_code == 200
        own_issuer.active[token] = {"active": True, "sub": "bob"}
        assert is_refused(knock(client, token)), "the two must speak of the same person"
        asked = own_issuer.asked
        assert is_refused(knock(client, own_issuer.token(exp=1)))
        assert own_issuer.asked == asked, "a token that is bad anyhow is not asked about"
        assert knock(client, own_issuer.opaque()).status_code == 200


def test_group_35_nothing_is_remembered_past_its_expiry(own_issuer: StandIn) -> None:
    with opened(introspecting(own_issuer)) as (_, client):
        # Thirty seconds of leeway, of which two are left.
        token = own_issuer.opaque(exp=int(time.time()) - 28)
        assert knock(client, token).status_code == 200
        ends = time.time() + 20
        while (answer := knock(client, token)).status_code == 200:
            assert time.time() < ends
        assert is_refused(answer)


def test_group_36_a_user_who_is_disabled_is_out(own_issuer: StandIn) -> None:
    with opened(introspecting(own_issuer, MCP_AUTH_TOKEN_CACHE_TTL="0")) as (_, client):
        tokens = [own_issuer.opaque(sub=name) for name in ("alice", "bob")]
        assert [knock(client, token).status_code for token in tokens] == [200, 200]
        own_issuer.active[tokens[0]] = {"active": False}
        assert [knock(client, token).status_code for token in tokens] == [401, 200]


def test_a_revocation_that_one_process_learns_of_is_known_to_all(own_issuer: StandIn, redis_url: str) -> None:
    slow = introspecting(own_issuer, MCP_AUTH_TOKEN_CACHE_TTL="300", REDIS_URL=redis_url)
    quick = slow | {"MCP_AUTH_TOKEN_CACHE_TTL": "0"}
    secret = {"MCP_SECRET_KEY": "a" * 64}
    with opened(slow | secret) as (_, one), opened(quick | secret) as (_, other):
        token = own_issuer.opaque()
        assert knock(one, token).status_code == 200
        own_issuer.active.clear()
        assert knock(one, token).status_code == 200, "its decision holds"
        assert is_refused(knock(other, token))
        ends = time.time() + 10
        while knock(one, token).status_code == 200:
            assert time.time() < ends, "the news did not arrive"
