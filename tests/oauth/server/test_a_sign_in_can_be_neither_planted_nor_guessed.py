"""Attack group 51: session fixation, guessing, finding out who has an account."""

from __future__ import annotations

import re
import subprocess
import sys
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest

from tests.oauth.server.person import DEMO, Person
from tests.oauth.server.places import embedded
from tests.operations.operators import Operator
from tests.processes import ROOT, Server, environment

COOKIE = "gauzy-mcp-browser"


def form(person: Person, **given: str) -> httpx.Response:
    return person.submit(person.browser.get("/oauth/sign-in"), **{**DEMO, **given})


def session_id(person: Person) -> str:
    return person.browser.cookies.get(COOKIE, "")


def test_group_51_the_session_id_is_a_new_one_after_each_step(stranger: Person) -> None:
    choice = form(stranger)
    waiting = session_id(stranger)
    assert waiting
    chosen = re.search(r'name="organization" value="([^"]+)" checked', choice.text)
    assert chosen
    assert stranger.submit(choice, organization=chosen[1]).status_code == 303
    signed_in = session_id(stranger)
    assert signed_in != waiting
    stranger.sign_in()
    assert session_id(stranger) not in (waiting, signed_in)


def test_group_51_a_planted_session_learns_nothing(stranger: Person, place: Server) -> None:
    with Person(place) as attacker:
        form(attacker, email="samira.haddad@gauzy.local")
        planted = session_id(attacker)
        stranger.browser.cookies.set(COOKIE, planted, domain="localhost.local")
        form(stranger)
        assert session_id(stranger) != planted
        assert attacker.browser.get("/account").status_code == 303


def test_group_51_an_unknown_account_and_a_wrong_password_look_alike(stranger: Person) -> None:
    def shown(email: str) -> tuple[int, str]:
        answer = form(stranger, email=email, password="not-this-one")
        return answer.status_code, re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.text)

    assert shown("nobody@gauzy.local") == shown(DEMO["email"])
    assert shown("demo@gauzy.local\u202e")[0] == 400


def test_group_51_who_is_disabled_here_is_told_the_same(place: Server, home: Path) -> None:
    email = "viewer@gauzy.local"
    with Person(place) as person, Operator(place.http) as operator:
        wrong = form(person, email=email, password="not-this-one")
        assert person.sign_in(email=email).status_code == 303
        found = operator.http.get(f"/admin/authorization/account/?q={email}").text
        key = re.search(r'name="_selected_action" value="(\d+)"', found)
        assert key, found
        operator.submit("/admin/authorization/account/", {"action": "disable", "_selected_action": key[1]})
        assert person.browser.get("/account").status_code == 303
        refused = person.sign_in(email=email)
        assert refused.status_code == wrong.status_code == 403
        alert = re.compile(r'role="alert">[^<]*<')
        assert alert.findall(refused.text) == alert.findall(wrong.text)
        operator.submit("/admin/authorization/account/", {"action": "enable", "_selected_action": key[1]})
        assert person.sign_in(email=email).status_code == 303


def test_group_51_guesses_have_to_wait_and_are_told_how_long() -> None:
    with embedded(THROTTLE_ENABLED="true", MCP_TRANSPORT="http") as running, Person(running) as person:
        answers = [form(person, password="not-this-one") for _ in range(11)]
        assert [answer.status_code for answer in answers] == [403] * 10 + [429]
        assert int(answers[-1].headers["Retry-After"]) > 0
        assert "Too many sign-ins" in answers[-1].text
        assert form(person).status_code == 429, "the right password has to wait as well"


def test_group_51_cookies_stay_with_this_server_and_out_of_scripts(stranger: Person) -> None:
    answer = stranger.sign_in()
    cookies: SimpleCookie = SimpleCookie()
    for header in answer.headers.get_list("Set-Cookie"):
        cookies.load(header)
    assert cookies[COOKIE]["httponly"]
    assert cookies[COOKIE]["samesite"] == "Lax"
    assert not cookies[COOKIE]["domain"]
    assert int(cookies[COOKIE]["max-age"]) == 12 * 3600


def test_group_51_cookies_need_https_in_production() -> None:
    production = {
        "MCP_ENV": "production", "API_BASE_URL": "https://api.example.com",
        "MCP_SECRET_KEY": "8f41c0b7d92e6a53f7104bc86de2953a",
        "MCP_AUTH_ENABLED": "true", "MCP_AUTH_RESOURCE_URI": "https://mcp.example.com",
        "MCP_ALLOWED_HOSTS": "mcp.example.com", "MCP_CORS_ORIGIN": "https://app.example.com",
    }  # fmt: skip
    told = "from gauzy_mcp import settings; print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE)"
    ran = subprocess.run(
        [sys.executable, "-c", told], env=environment(production), cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert ran.stdout.split() == ["True", "True"], ran.stderr


@pytest.mark.parametrize("path", ["/oauth/sign-in", "/oauth/sign-out"])
def test_group_51_the_pages_are_kept_nowhere_and_framed_by_nobody(stranger: Person, path: str) -> None:
    answer = stranger.browser.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("path", ["/oauth/sign-in", "/oauth/sign-out"])
def test_group_51_a_foreign_page_signs_nobody_in_or_out(person: Person, path: str) -> None:
    answer = person.browser.post(path, data=DEMO, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "reload the page" in answer.text
    assert person.browser.get("/account").status_code == 200


@pytest.mark.parametrize("fields", [{"email": ""}, {"password": ""}, {"email": "a" * 501}, {"email": "a\x00b"}])
def test_group_51_what_is_no_sign_in_is_asked_for_again(stranger: Person, fields: dict[str, str]) -> None:
    assert form(stranger, **fields).status_code == 400
