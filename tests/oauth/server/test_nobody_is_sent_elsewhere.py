"""Attack group 41: open redirects, by the sign-in, by prompt=none, and by errors."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import pytest

from tests.oauth.server.person import REDIRECT, OAuthClient, Person, hidden, redirected

ELSEWHERE = (
    "https://evil.example/", "//evil.example/account", "///evil.example/account", "/\\evil.example/account",
    "\\\\evil.example", "http:/account", "https:account", "javascript:alert(1)", "/account@evil.example",
    "/account/../../evil", "/oauth/authorize\r\nLocation: https://evil.example", "/%2f%2fevil.example", " /account",
    "/admin/", "/oauth/sign-out", "account", "", "http://localhost@evil.example/account", "/account#//evil.example",
    "//[", "/account\u2028",
)  # fmt: skip


def test_group_41_a_sign_in_leads_to_pages_of_its_own_alone(stranger: Person) -> None:
    for elsewhere in ELSEWHERE:
        page = stranger.browser.get("/oauth/sign-in", params={"next": elsewhere})
        assert hidden(page.text)["next"] == "/account", ascii(elsewhere)


@pytest.mark.parametrize("elsewhere", ELSEWHERE[:4])
def test_group_41_a_changed_form_leads_nowhere_else(stranger: Person, elsewhere: str) -> None:
    answer = stranger.sign_in(email="employee@gauzy.local", next=elsewhere)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")


def test_group_41_a_sign_in_leads_back_to_the_request_that_wanted_it(stranger: Person) -> None:
    client = OAuthClient.registered(stranger.base)
    first = stranger.asked(client, state="a b&c=d")
    assert first.headers["Location"].startswith("/oauth/sign-in?next=")
    page = stranger.browser.get(first.headers["Location"])
    answer = stranger.submit(page, email="employee@gauzy.local", password="demo")
    consent = stranger.browser.get(answer.headers["Location"])
    assert "Test client" in consent.text
    assert redirected(stranger.submit(consent, decision="allow"))["state"] == "a b&c=d"


def test_group_41_prompt_none_asks_nobody_and_answers_the_client_alone(stranger: Person) -> None:
    client = OAuthClient.registered(stranger.base)
    told = stranger.asked(client, prompt="none")
    assert told.headers["Location"].startswith(REDIRECT)
    assert redirected(told)["error"] == "login_required"
    assert stranger.asked(client, prompt="none", redirect_uri="https://evil.example/").status_code == 400
    stranger.sign_in(email="employee@gauzy.local")
    assert redirected(stranger.asked(client, prompt="none"))["error"] == "consent_required"


def test_group_41_prompt_login_asks_again_once(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    first = person.asked(client, prompt="login")
    assert urlsplit(first.headers["Location"]).path == "/oauth/sign-in"
    assert "prompt" not in first.headers["Location"]


@pytest.mark.parametrize("changes", [{"client_id": "nobody"}, {"redirect_uri": "https://evil.example/"}])
def test_group_41_an_error_is_no_way_out(person: Person, changes: dict[str, str]) -> None:
    answer: httpx.Response = person.asked(OAuthClient.registered(person.base), **changes)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "evil.example" not in answer.text
