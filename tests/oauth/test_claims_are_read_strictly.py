"""Attack groups 11 to 17: times, audiences, issuers, clients, subjects and payloads as they should not be."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest

from tests.oauth.knocking import is_refused, knock, opened
from tests.oauth.stand_in import PAIRS, RESOURCE, Pair, StandIn, as_segment, encoded, stand_in


def test_group_11_expiry_has_a_leeway_of_thirty_seconds(client: httpx.Client, issuer: StandIn) -> None:
    assert knock(client, issuer.token(exp=int(time.time()) - 20)).status_code == 200
    assert is_refused(knock(client, issuer.token(exp=int(time.time()) - 31)))
    assert is_refused(knock(client, issuer.token(exp=1)))


def test_group_11_expiries_that_are_too_far_ahead(client: httpx.Client, issuer: StandIn) -> None:
    now, day = int(time.time()), 86_400
    for late in ((now + 300) * 1000, now + 367 * day, 9_999_999_999):
        assert is_refused(knock(client, issuer.token(exp=late)))
    assert knock(client, issuer.token(exp=now + 365 * day)).status_code == 200


@pytest.mark.parametrize("value", ["9999999999", True, -1, [9999999999], {"a": 1}, "soon"])
def test_group_11_expiries_that_are_no_time(client: httpx.Client, issuer: StandIn, value: Any) -> None:
    assert is_refused(knock(client, issuer.token(exp=value)))
    assert is_refused(knock(client, issuer.token(exp=None)))


@pytest.mark.parametrize("value", ["NaN", "1e400", "Infinity", "-Infinity", "null", "9" * 400, "9" * 5000])
def test_group_11_expiries_that_are_no_number_of_json(client: httpx.Client, issuer: StandIn, value: str) -> None:
    claims = issuer.claims(exp=None)
    payload = "{" + ", ".join(f'"{name}": "{text}"' for name, text in claims.items() if isinstance(text, str))
    assert is_refused(knock(client, issuer.signed(f'{payload}, "exp": {value}}}'.encode())))


@pytest.mark.parametrize("name", ["nbf", "iat"])
def test_group_12_tokens_of_tomorrow(client: httpx.Client, issuer: StandIn, name: str) -> None:
    now = int(time.time())
    assert is_refused(knock(client, issuer.token(**{name: now + 60})))
    assert knock(client, issuer.token(**{name: now + 20})).status_code == 200
    assert is_refused(knock(client, issuer.token(**{name: "now"})))


@pytest.mark.parametrize(
    "audience",
    [
        None, "", [], "https://other.example.com", RESOURCE[:-1], f"{RESOURCE}x", f"{RESOURCE}/other", f"{RESOURCE}//",
        f"{RESOURCE}/sse/x", "mcp.example.com", "http://mcp.example.com", f"{RESOURCE}:8443", f"{RESOURCE}?a=1",
        f"{RESOURCE}#x", "https://mcp.example.com.evil.example", ["https://other.example.com"], 1, [1], [RESOURCE, 1],
        {"aud": RESOURCE}, [[RESOURCE]], True,
    ],
)  # fmt: skip
def test_group_13_audiences_that_are_not_this_server(client: httpx.Client, issuer: StandIn, audience: Any) -> None:
    assert is_refused(knock(client, issuer.token(aud=audience)))


@pytest.mark.parametrize(
    "audience",
    [
        RESOURCE, f"{RESOURCE}/", f"{RESOURCE}/sse", f"{RESOURCE}/mcp", f"{RESOURCE}/mcp/", "HTTPS://MCP.example.com",
        f"{RESOURCE}:443", ["https://other.example.com", RESOURCE],
    ],
)  # fmt: skip
def test_group_13_every_address_of_this_server_is_one(client: httpx.Client, issuer: StandIn, audience: Any) -> None:
    assert knock(client, issuer.token(aud=audience)).status_code == 200


@pytest.mark.parametrize("value", [None, "", "https://issuer.example.com", ["x"], 1, {}, "slash", "list", "space"])
def test_group_14_issuers_that_are_another(client: httpx.Client, issuer: StandIn, value: Any) -> None:
    named = {"slash": f"{issuer.issuer}/", "list": [issuer.issuer], "space": f" {issuer.issuer}"}
    changed = named.get(value, value) if isinstance(value, str) else value
    assert is_refused(knock(client, issuer.token(iss=changed)))


def test_group_14_another_issuer_in_the_name_of_ours(client: httpx.Client, issuer: StandIn) -> None:
    """Mix-up: B's key is good at B, and says nothing in the name of A."""
    with stand_in() as other:
        other.keys = []
        token = other.signed(issuer.claims(), header={"kid": "b-1"}, pair=Pair.make("ES256", "b-1"))
        assert is_refused(knock(client, token))


def test_group_15_a_client_that_is_not_on_the_list(issuer: StandIn) -> None:
    with opened(issuer.environment(MCP_AUTH_ALLOWED_CLIENTS="claude chatgpt")) as (_, client):
        assert knock(client, issuer.token(client_id="claude")).status_code == 200
        assert knock(client, issuer.token(client_id=None, azp="chatgpt")).status_code == 200
        for changed in ({"client_id": "mallory"}, {"client_id": None}, {"client_id": "claude", "azp": "mallory"}):
            assert is_refused(knock(client, issuer.token(**changed)))


def test_group_15_two_claims_that_name_different_clients(client: httpx.Client, issuer: StandIn) -> None:
    assert is_refused(knock(client, issuer.token(client_id="a", azp="b")))
    assert knock(client, issuer.token(client_id="a", azp="a")).status_code == 200


@pytest.mark.parametrize("subject", ["", 1, True, ["alice"], {"a": 1}, "a\nb", "x" * 256, "\x1b[31m"])
def test_group_16_subjects_that_are_no_name(client: httpx.Client, issuer: StandIn, subject: Any) -> None:
    assert is_refused(knock(client, issuer.token(sub=subject)))


@pytest.mark.parametrize(
    "payload",
    [b"[]", b"null", b"5", b'"text"', b"", b"{", b"\xff\xfe", b"[" * 4000, b'{"a":' * 1000, b"{}", b"\xef\xbb\xbf{}"],
)
def test_group_17_payloads_that_are_no_claims(client: httpx.Client, issuer: StandIn, payload: bytes) -> None:
    assert is_refused(knock(client, issuer.signed(payload))) or payload == b""


def test_group_17_a_name_that_is_there_twice(client: httpx.Client, issuer: StandIn) -> None:
    twice = json.dumps(issuer.claims(sub="bob"))[:-1] + ', "sub": "alice"}'
    assert is_refused(knock(client, issuer.signed(twice.encode())))
    head = '{"alg":"RS256","alg":"RS256","typ":"at+jwt","kid":"rs256-1"}'
    data = f"{as_segment(head.encode())}.{as_segment(issuer.claims())}"
    assert is_refused(knock(client, f"{data}.{encoded(PAIRS['RS256'].sign(data.encode()))}"))
