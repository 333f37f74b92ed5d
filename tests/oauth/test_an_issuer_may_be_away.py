"""Attack groups 29, 30 and 32: an issuer that is down, slow, hostile or rotates its keys; many callers at once."""

from __future__ import annotations

import hmac
from concurrent.futures import ThreadPoolExecutor

from tests.oauth.knocking import is_refused, knock, opened
from tests.oauth.stand_in import PAIRS, Pair, StandIn, as_segment, encoded, says


def test_group_29_keys_that_cannot_be_had_at_the_start_are_no_fault_of_the_token(own_issuer: StandIn) -> None:
    """A 401 would make clients throw good tokens away."""
    with opened(own_issuer.environment()) as (_, client):
        own_issuer.stop()
        answer = knock(client, own_issuer.token())
        assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")
        assert int(answer.headers["Retry-After"]) > 0
        assert "WWW-Authenticate" not in answer.headers
        own_issuer.restart()
        assert knock(client, own_issuer.token()).status_code == 200


def test_group_29_keys_that_were_had_serve_on_while_the_issuer_is_away(own_issuer: StandIn) -> None:
    environment = own_issuer.environment(MCP_AUTH_METADATA_CACHE_TTL="1", MCP_AUTH_TOKEN_CACHE_TTL="0")
    with opened(environment) as (_, client):
        assert knock(client, own_issuer.token()).status_code == 200
        own_issuer.stop()
        for _ in range(3):
            assert knock(client, own_issuer.token()).status_code == 200
        assert knock(client, own_issuer.token(header={"kid": "new"})).status_code == 503, "nobody can tell now"


def test_group_29_what_is_no_key_set_is_an_issuer_that_is_away(own_issuer: StandIn) -> None:
    answers = [
        says(500), says(404), says(text="<html>", content_type="text/html"), says(text="[]"), says(text='{"keys": 5}'),
        says(body=b"x" * 10_000_000), says(302, headers={"Location": "file:///etc/passwd"}), says(204),
        says(302, headers={"Location": "http://169.254.169.254/"}), says(text="{}" + " " * 300_000),
    ]  # fmt: skip
    with opened(own_issuer.environment()) as (running, client):
        for number, own_issuer.jwks in enumerate(answers, 1):
            assert knock(client, own_issuer.token()).status_code == 503, number
            assert own_issuer.fetched == number
        own_issuer.jwks = None
        assert knock(client, own_issuer.token()).status_code == 200
        assert "Traceback" not in running.logged()


def test_group_29_a_redirect_to_good_keys_is_not_followed(own_issuer: StandIn) -> None:
    own_issuer.jwks = says(302, headers={"Location": f"{own_issuer.url}/jwks"})
    with opened(own_issuer.environment()) as (_, client):
        assert knock(client, own_issuer.token()).status_code == 503
        assert own_issuer.fetched == 1


def test_group_29_an_issuer_that_never_answers_holds_nobody_up_for_long(own_issuer: StandIn) -> None:
    """Neither its keys (group 29) nor its introspection (group 31)."""
    own_issuer.delay = 60
    environment = own_issuer.environment(**own_issuer.introspecting())
    with opened(environment) as (_, client), ThreadPoolExecutor(2) as both:
        for answer in both.map(lambda token: knock(client, token), [own_issuer.token(), own_issuer.opaque()]):
            assert answer.status_code == 503
            assert answer.elapsed.total_seconds() < 15
        assert (own_issuer.fetched, own_issuer.asked) == (1, 1)


def test_group_30_a_herd_with_a_new_key_waits_for_the_one_fetch(own_issuer: StandIn) -> None:
    """The keys were fetched a moment ago, and are fetched again for the first key id that is not among them."""
    new = Pair.make("ES256", "es256-2")
    with opened(own_issuer.environment(MCP_AUTH_TOKEN_CACHE_TTL="0")) as (_, client), ThreadPoolExecutor(16) as herd:
        assert knock(client, own_issuer.token()).status_code == 200
        own_issuer.keys.append(new.jwk)
        own_issuer.delay = 0.5
        tokens = [own_issuer.signed(own_issuer.claims(sub=f"user-{number}"), pair=new) for number in range(16)]
        assert {answer.status_code for answer in herd.map(lambda token: knock(client, token), tokens)} == {200}
        assert own_issuer.fetched == 2


def test_group_30_a_rotated_key_is_accepted_at_once_and_a_removed_one_no_more(own_issuer: StandIn) -> None:
    old, new = PAIRS["ES256"], Pair.make("ES256", "es256-2")
    own_issuer.keys = [old.jwk]
    with opened(own_issuer.environment(MCP_AUTH_TOKEN_CACHE_TTL="0")) as (_, client):
        assert knock(client, own_issuer.token("ES256")).status_code == 200
        own_issuer.keys = [old.jwk, new.jwk]
        assert knock(client, own_issuer.signed(own_issuer.claims(), pair=new)).status_code == 200
        assert knock(client, own_issuer.token("ES256")).status_code == 200
    own_issuer.keys = [new.jwk]
    with opened(own_issuer.environment(MCP_AUTH_TOKEN_CACHE_TTL="0")) as (_, client):
        assert is_refused(knock(client, own_issuer.token("ES256")))
        assert knock(client, own_issuer.signed(own_issuer.claims(), pair=new)).status_code == 200


def test_group_32_a_herd_of_callers_is_one_fetch(own_issuer: StandIn) -> None:
    own_issuer.delay = 0.5
    with opened(own_issuer.environment()) as (_, client), ThreadPoolExecutor(24) as herd:
        answers = list(herd.map(lambda number: knock(client, own_issuer.token(sub=f"user-{number}")), range(24)))
        assert {answer.status_code for answer in answers} == {200}
        assert own_issuer.fetched == 1


def test_a_configured_key_needs_no_issuer_to_be_there(own_issuer: StandIn) -> None:
    environment = own_issuer.environment(MCP_AUTH_JWT_PUBLIC_KEY=PAIRS["RS256"].pem.replace("\n", "\\n"))
    del environment["MCP_AUTH_JWT_JWKS_URI"]
    own_issuer.stop()
    with opened(environment) as (_, client):
        assert knock(client, own_issuer.token("RS256")).status_code == 200
        assert knock(client, own_issuer.token("RS256", header={"kid": None})).status_code == 200
        assert is_refused(knock(client, own_issuer.token("ES256")))
        assert is_refused(knock(client, own_issuer.signed(own_issuer.claims(), pair=Pair.make("RS256", "rs256-1"))))
        for secret in (environment["MCP_AUTH_JWT_PUBLIC_KEY"], PAIRS["RS256"].pem, PAIRS["RS256"].pem.strip()):
            data = f"{as_segment({'alg': 'HS256', 'typ': 'at+jwt'})}.{as_segment(own_issuer.claims())}"
            signature = hmac.digest(secret.encode(), data.encode(), "sha256")
            assert is_refused(knock(client, f"{data}.{encoded(signature)}")), "group 2, where the key is a text"
