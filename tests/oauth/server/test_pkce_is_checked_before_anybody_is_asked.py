"""Attack group 37: PKCE with S256 or nothing, at the request and at the exchange (RFC 7636)."""

from __future__ import annotations

import pytest

from tests.oauth.server.person import OAuthClient, Person, redirected

SHORT, LONG = "a" * 42, "a" * 44


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "code challenge"),
        ({"code_challenge": None}, "code challenge"),
        ({"code_challenge_method": "plain"}, "S256"),
        ({"code_challenge_method": None}, "S256"),
        ({"code_challenge_method": "s256"}, ""),
        ({"code_challenge": SHORT}, "43 characters"),
        ({"code_challenge": LONG}, "43 characters"),
        ({"code_challenge": "+" * 43}, "43 characters"),
    ],
)
def test_group_37_a_request_without_s256_is_refused_before_consent(
    person: Person, changes: dict[str, str | None], told: str
) -> None:
    client = OAuthClient.registered(person.base)
    answer = redirected(person.asked(client, **changes))
    assert answer["error"] == "invalid_request" and told.lower() in answer.get("error_description", "").lower()
    assert answer["iss"] == person.base and answer["state"] == "s-1" and "code" not in answer


def test_group_37_the_verifier_must_fit(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    code = person.allows(client)["code"]
    for verifier in ("x" * 43, client.verifier[:-1], client.challenge, "", None):
        refused = client.exchange(code, code_verifier=verifier)
        assert refused.status_code == 400 and refused.json()["error"] in ("invalid_grant", "invalid_request")
    assert client.exchange(code).status_code == 200, "who has the verifier still gets the tokens"
