"""Attack groups 40, 42 and 43: where an answer goes, and that it names issuer and state."""

from __future__ import annotations

import pytest

from tests.oauth.server.person import REDIRECT, OAuthClient, Person, redirected


@pytest.mark.parametrize(
    "redirect",
    [
        "https://evil.example/callback", "http://127.0.0.1:7777/other", "http://127.0.0.1:7777/callback/../other",
        "http://127.0.0.1:7777/callback/%2e%2e/other", "http://127.0.0.1:7777/callback;x", "http://127.0.0.1:7777/CALLBACK",
        "http://127.0.0.1:7777/callback?next=https://evil.example", "http://127.0.0.1:7777/callback#x",
        "http://user@127.0.0.1:7777/callback", "http://127.0.0.1:7777@evil.example/callback",
        "http://127.0.0.1:7777\\@evil.example/callback", "http://evil.example/callback", "http://[::1]:7777/callback",
        "http://127.0.0.1:0/callback", "http://127.0.0.1:00/callback", "http://127.0.0.1:65536/callback",
        "http://127.0.0.1:99999999999999999999/callback", "http://127.0.0.1:-1/callback", "http://127.0.0.1:+80/callback",
        "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x", "//evil.example/callback", "",
    ],
)  # fmt: skip
def test_group_40_another_address_is_an_error_page_and_no_redirect(person: Person, redirect: str) -> None:
    answer = person.asked(OAuthClient.registered(person.base), redirect_uri=redirect)
    assert answer.status_code == 400 and "Location" not in answer.headers
    assert "evil.example" not in str(answer.headers) and "Nothing was granted" in answer.text


def test_group_40_a_program_on_this_machine_may_use_any_port(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    for port in (1, 40123, 65535):
        client.redirect = f"http://127.0.0.1:{port}/callback"
        assert "code" in person.allows(client)


def test_group_40_an_unknown_client_is_an_error_page(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    for unknown in ("nobody", "", None, "\x00", "x" * 5000):
        answer = person.asked(client, client_id=unknown)
        assert answer.status_code == 400 and "Location" not in answer.headers


def test_group_42_and_43_issuer_and_state_are_in_every_answer_once(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    state = "a/b?c=d&iss=evil +%20é"
    given = person.allows(client, state=state)
    page = person.asked(client, state=state)
    denied = redirected(person.submit(page, decision="deny"))
    wrong = [
        redirected(person.asked(client, state=state, **changes))
        for changes in ({"resource": "https://other.example"}, {"response_type": "token"}, {"code_challenge": None})
    ]
    for answer in (given, denied, *wrong):
        assert answer["iss"] == person.base and answer["state"] == state
    assert denied["error"] == "access_denied" and "code" in given
    assert wrong[0]["error"] == "invalid_target"


def test_group_42_a_query_of_the_client_cannot_name_the_issuer(person: Person) -> None:
    redirect = f"{REDIRECT}?iss=https://evil.example&mine=1"
    client = OAuthClient.registered(person.base, redirect_uris=[redirect])
    answer = person.allows(client)
    assert answer["iss"] == person.base and answer["mine"] == "1"


def test_without_a_state_none_comes_back(person: Person) -> None:
    assert "state" not in person.allows(OAuthClient.registered(person.base), state=None)
