"""The sign-in is Gauzy's own; who belongs to several tenants or organizations chooses."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import httpx

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.oauth.knocking import call, text_of
from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.places import base_of, embedded
from tests.processes import Server

EMPLOYEE, SAMIRA = "employee@gauzy.local", "samira.haddad@gauzy.local"


def password_of(person: Person, email: str, password: str = demo.PASSWORD) -> httpx.Response:
    """The answer to the form of e-mail address and password."""
    page = person.browser.get("/oauth/sign-in", params={"next": "/account"})
    return person.submit(page, email=email, password=password)


def projects(person: Person) -> str:
    """What a client of this person finds in Gauzy."""
    token = OAuthClient.registered(person.base).tokens(person)["access_token"]
    with httpx.Client(base_url=person.base, timeout=30) as client:
        return text_of(call(client, token, "get_projects"))


def test_who_has_one_tenant_and_organization_is_in_at_once(stranger: Person) -> None:
    answer = password_of(stranger, EMPLOYEE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert EMPLOYEE in stranger.browser.get("/account").text


def test_who_has_several_organizations_chooses_one_and_clients_work_there(stranger: Person) -> None:
    choice = password_of(stranger, "demo@gauzy.local")
    assert choice.status_code == 200
    assert demo.ORGANIZATION in choice.text
    assert "Location" not in stranger.browser.get("/oauth/sign-in").headers
    answer = stranger.submit(choice, organization=ident("organization", demo.EMPTY_ORGANIZATION))
    assert answer.headers["Location"] == "/account"
    assert "Apollo" not in projects(stranger)
    stranger.sign_in()
    assert "Apollo" in projects(stranger), "signing in again moves what is connected"


def test_who_has_several_tenants_chooses_one_and_is_somebody_else_in_each(stranger: Person) -> None:
    found = {}
    for tenant in (demo.TENANT, demo.OTHER_TENANT):
        choice = password_of(stranger, SAMIRA)
        assert demo.TENANT in choice.text
        assert demo.OTHER_TENANT in choice.text
        assert stranger.submit(choice, workspace=ident("tenant", tenant)).status_code == 303
        found[tenant] = projects(stranger)
    assert "Apollo" in found[demo.TENANT]
    assert demo.OTHER_PROJECT not in found[demo.TENANT]
    assert demo.OTHER_PROJECT in found[demo.OTHER_TENANT]
    assert "Apollo" not in found[demo.OTHER_TENANT]


def test_what_was_not_offered_cannot_be_chosen(stranger: Person) -> None:
    choice = password_of(stranger, SAMIRA)
    assert stranger.submit(choice, workspace=ident("tenant", "Nobody's")).status_code == 403
    assert stranger.browser.get("/account").status_code == 303


def test_a_choice_belongs_to_the_browser_that_gave_the_password(stranger: Person, place: Server) -> None:
    choice = password_of(stranger, SAMIRA)
    with Person(place) as other:
        other.browser.get("/oauth/sign-in")
        other.browser.cookies.set("csrftoken", stranger.browser.cookies["csrftoken"])
        assert other.submit(choice, workspace=ident("tenant", demo.TENANT)).status_code == 403


def test_neither_password_nor_gauzy_tokens_wait_in_clear(stranger: Person, home: Path) -> None:
    choice = password_of(stranger, SAMIRA)
    assert not re.search(r"eyJ|value=\"demo\"", choice.text)
    with sqlite3.connect(home / "gauzy-mcp.sqlite3", timeout=20) as opened:
        rows = opened.execute("SELECT session_data FROM django_session").fetchall()
    assert rows
    assert not any("eyJhbGciOi" in row[0] for row in rows)


def test_signing_out_ends_the_browser_session_and_no_client(person: Person) -> None:
    token = OAuthClient.registered(person.base).tokens(person)["access_token"]
    page = person.browser.get("/oauth/sign-out")
    assert person.browser.get("/account").status_code == 200, "a link signs nobody out"
    assert "You are signed out" in person.submit(page).text
    assert person.browser.get("/account").headers["Location"].startswith("/oauth/sign-in")
    with httpx.Client(base_url=person.base, timeout=30) as client:
        assert "Apollo" in text_of(call(client, token, "get_projects"))


def test_a_gauzy_that_is_away_is_no_wrong_password() -> None:
    away = {"API_BASE_URL": "http://127.0.0.1:9", "MCP_TRANSPORT": "http"}
    with embedded(**away) as running, Person(running) as person:
        answer = person.sign_in()
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "Gauzy does not answer" in answer.text
        assert base_of(running) == person.base
