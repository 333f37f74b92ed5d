"""Attack groups 9 and 10: key ids that are paths, queries or lists; headers that demand an extension."""

from __future__ import annotations

import httpx
import pytest

from tests.oauth.knocking import is_refused, knock, opened
from tests.oauth.stand_in import PAIRS, Pair, StandIn


@pytest.mark.parametrize(
    "kid", ["nobody", "", "../../etc/passwd", "' OR '1'='1", "x" * 256, ["rs256-1"], {"a": 1}, 1, True, "rs256-1\x00"]
)
def test_group_9_ids_that_name_no_key(client: httpx.Client, issuer: StandIn, kid: object) -> None:
    assert is_refused(knock(client, issuer.token(header={"kid": kid})))


def test_group_9_an_id_as_long_as_a_book(client: httpx.Client, issuer: StandIn) -> None:
    assert is_refused(knock(client, issuer.token(header={"kid": "k" * 6000})))


def test_group_9_no_id_is_enough_where_one_key_fits(own_issuer: StandIn) -> None:
    second = Pair.make("RS256", "rs256-2")
    own_issuer.keys = [PAIRS["RS256"].jwk, PAIRS["ES256"].jwk]
    with opened(own_issuer.environment()) as (_, client):
        assert knock(client, own_issuer.token(header={"kid": None})).status_code == 200
    own_issuer.keys.append(second.jwk)
    with opened(own_issuer.environment()) as (_, client):
        assert is_refused(knock(client, own_issuer.token(header={"kid": None})))
        assert knock(client, own_issuer.token()).status_code == 200


def test_group_9_two_keys_of_one_id_are_both_tried(own_issuer: StandIn) -> None:
    second = Pair.make("RS256", PAIRS["RS256"].kid)
    own_issuer.keys = [second.jwk, PAIRS["RS256"].jwk]
    with opened(own_issuer.environment()) as (_, client):
        assert knock(client, own_issuer.token()).status_code == 200
        assert knock(client, own_issuer.signed(own_issuer.claims(), pair=second)).status_code == 200


def test_group_9_a_thousand_unknown_ids_are_one_fetch(own_issuer: StandIn) -> None:
    with opened(own_issuer.environment()) as (_, client):
        assert knock(client, own_issuer.token()).status_code == 200
        fetched = own_issuer.fetched
        token = own_issuer.token(header={"kid": "unknown-"})
        for number in range(300):
            assert is_refused(knock(client, own_issuer.token("ES256", header={"kid": f"unknown-{number}"})))
        assert is_refused(knock(client, token))
        assert own_issuer.fetched <= fetched + 1


def test_group_9_keys_that_verify_nothing_are_left_out(own_issuer: StandIn) -> None:
    """Too short, private by mistake, for encryption, of a curve or kind that no algorithm uses, or no key at all."""
    short = Pair.make("RS256", "short", bits=1024)
    rs, es = PAIRS["RS256"], PAIRS["ES256"]
    own_issuer.keys = [
        short.jwk,
        {**rs.jwk, "kid": "private", "d": "AQAB"},
        {**rs.jwk, "kid": "encrypts", "use": "enc"},
        {**rs.jwk, "kid": "signs", "key_ops": ["sign"]},
        {**es.jwk, "kid": "curve", "crv": "P-384"},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "secret", "alg": "HS256"},
        {"kty": "RSA", "kid": "empty"}, {"kty": ["RSA"], "kid": "list"}, "text", None, 5,
        es.jwk,
    ]  # fmt: skip
    with opened(own_issuer.environment()) as (_, client):
        assert is_refused(knock(client, own_issuer.signed(own_issuer.claims(), pair=short)))
        for kid in ("private", "encrypts", "signs", "curve", "secret", "empty"):
            assert is_refused(knock(client, own_issuer.token(header={"kid": kid})))
        assert knock(client, own_issuer.token("ES256")).status_code == 200


@pytest.mark.parametrize(
    "header", [{"crit": ["exp"]}, {"crit": []}, {"crit": ["b64"], "b64": False}, {"b64": False}, {"b64": True}]
)
def test_group_10_extensions_that_nobody_here_understands(
    client: httpx.Client, issuer: StandIn, header: dict[str, object]
) -> None:
    assert is_refused(knock(client, issuer.token(header=header)))
