"""Attack groups 1 to 8 and 19: algorithms, confused keys, keys that a token brings along, malformed signatures."""

from __future__ import annotations

import hashlib
import hmac
import json

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.oauth.knocking import is_refused, knock
from tests.oauth.stand_in import PAIRS, Pair, StandIn, as_segment, encoded


@pytest.mark.parametrize("alg", sorted(PAIRS))
def test_a_good_token_of_each_algorithm_opens(client: httpx.Client, issuer: StandIn, alg: str) -> None:
    assert knock(client, issuer.token(alg)).status_code == 200


@pytest.mark.parametrize("alg", ["none", "None", "NoNe", "", "nOnE"])
@pytest.mark.parametrize("signature", ["", "AA", "kept"])
def test_group_1_no_algorithm(client: httpx.Client, issuer: StandIn, alg: str, signature: str) -> None:
    head, body, real = issuer.token(header={"alg": "RS256"}).split(".")
    head = as_segment({"alg": alg, "typ": "at+jwt", "kid": PAIRS["RS256"].kid})
    answer = knock(client, f"{head}.{body}.{real if signature == 'kept' else signature}")
    assert answer.status_code == 401


def test_group_2_the_public_key_as_a_shared_secret(client: httpx.Client, issuer: StandIn) -> None:
    pair = PAIRS["RS256"]
    for secret in (pair.pem, pair.pem.strip(), pair.pem.replace("\n", ""), pair.jwk["n"], json.dumps(pair.jwk), ""):
        for alg, digest in (("HS256", hashlib.sha256), ("HS384", hashlib.sha384), ("HS512", hashlib.sha512)):
            data = f"{as_segment({'alg': alg, 'kid': pair.kid, 'typ': 'at+jwt'})}.{as_segment(issuer.claims())}"
            signature = hmac.new(secret.encode(), data.encode(), digest).digest()
            assert is_refused(knock(client, f"{data}.{encoded(signature)}"))


@pytest.mark.parametrize(
    "alg", ["RS512", "RS384", "PS512", "RS1", "EdDSA", "ES256K", "XX", "rs256", None, 256, ["RS256"]]
)
def test_group_3_an_algorithm_that_is_not_accepted(client: httpx.Client, issuer: StandIn, alg: object) -> None:
    assert is_refused(knock(client, issuer.token(header={"alg": alg})))


def test_group_4_another_algorithm_of_the_same_kind_of_key(client: httpx.Client, issuer: StandIn) -> None:
    """The key set says that this key is for RS256 alone."""
    assert is_refused(knock(client, issuer.token("RS256", header={"alg": "PS256"})))
    assert is_refused(knock(client, issuer.token("PS256", header={"alg": "RS256"})))


def test_group_5_an_elliptic_signature_that_names_an_rsa_key(client: httpx.Client, issuer: StandIn) -> None:
    assert is_refused(knock(client, issuer.token("ES256", header={"kid": PAIRS["RS256"].kid})))
    assert is_refused(knock(client, issuer.token("RS256", header={"kid": PAIRS["ES256"].kid})))


@pytest.mark.parametrize("alg", ["RS256", "ES256", "PS256"])
def test_group_6_a_foreign_key_under_a_known_name(client: httpx.Client, issuer: StandIn, alg: str) -> None:
    foreign = Pair.make(alg, PAIRS[alg].kid)
    assert is_refused(knock(client, issuer.signed(issuer.claims(), pair=foreign)))


def test_group_7_a_key_inside_the_token(client: httpx.Client, issuer: StandIn) -> None:
    own = Pair.make("ES256", "mine")
    for kid in ("mine", PAIRS["ES256"].kid, None):
        token = issuer.signed(issuer.claims(), header={"jwk": own.jwk, "kid": kid}, pair=own)
        assert is_refused(knock(client, token))


@pytest.mark.parametrize("name", ["jku", "x5u"])
def test_group_8_an_address_of_keys_inside_the_token(client: httpx.Client, issuer: StandIn, name: str) -> None:
    """Nothing is fetched from there: the canary sings for every path that the issuer does not have."""
    own, sung = Pair.make("ES256", "mine"), issuer.canary
    token = issuer.signed(issuer.claims(), header={name: f"{issuer.url}/canary"}, pair=own)
    assert is_refused(knock(client, token))
    assert is_refused(knock(client, issuer.signed(issuer.claims(), header={"x5c": ["MIIB"]}, pair=own)))
    assert issuer.canary == sung


def test_group_8_a_genuine_token_may_carry_them_all_the_same(client: httpx.Client, issuer: StandIn) -> None:
    sung = issuer.canary
    assert knock(client, issuer.token(header={"jku": f"{issuer.url}/canary"})).status_code == 200
    assert issuer.canary == sung


def test_group_19_signatures_that_are_none(client: httpx.Client, issuer: StandIn) -> None:
    head, body, _ = issuer.token("ES256").split(".")
    private = PAIRS["ES256"].private
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    der = private.sign(f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    good = PAIRS["ES256"].sign(f"{head}.{body}".encode())
    for signature in (bytes(64), der, good[:-1], good + b"\0", good[32:] + good[:32], bytes(1), b"\0" * 5000):
        assert is_refused(knock(client, f"{head}.{body}.{encoded(signature)}"))
    assert knock(client, f"{head}.{body}.").status_code == 401


def test_group_19_spellings_of_the_same_signature(client: httpx.Client, issuer: StandIn) -> None:
    token = issuer.token("RS256")
    head, body, signature = token.split(".")
    # 256 bytes end in a character of which only the upper bits count.
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    malleable = signature[:-1] + letters[letters.index(signature[-1]) ^ 1]
    for spelled in (malleable, f"{signature}==", f"{signature}=", signature.replace("-", "+").replace("_", "/") + "/"):
        assert knock(client, f"{head}.{body}.{spelled}").status_code == 401
    for changed in (f"{token}.x", f"{token}.x.y", f".{token}", token.replace(".", ".."), f"{head}.{body}", "a.b.c"):
        assert knock(client, changed).status_code == 401
    assert knock(client, token).status_code == 200


def test_group_19_characters_that_no_token_has(client: httpx.Client, issuer: StandIn) -> None:
    for changed in (b"\xc3\xa9", b"\xff", b"%00", b"\tx", b",x"):
        credentials = b"Bearer " + issuer.token().encode() + changed
        assert client.post("/sse", headers={b"Authorization": credentials}, json={}).status_code == 400, changed
