"""Defect A3: the sign-in fixes whose account an access token is for. No client can make it another one."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from mcp_tools.sandbox.demo import OTHER_TENANT, TENANT, ident
from tests.oauth.server.clients import WAYS, Ask, Client, in_a_session, plain
from tests.oauth.server.person import DEMO, OAuthClient, Person
from tests.processes import Server

EMMA = {"email": "employee@gauzy.local", "password": "demo"}


def reading(person: Person) -> str:
    """A token that may only read."""
    return str(OAuthClient.registered(person.base).tokens(person, scope="mcp.read")["access_token"])


def changing(person: Person) -> str:
    return str(OAuthClient.registered(person.base).tokens(person)["access_token"])


@pytest.mark.parametrize("way", WAYS)
def test_nobody_signs_in_as_somebody_else(place: Server, person: Person, way: object) -> None:
    assert callable(way)
    token = changing(person)
    ask: Ask = way(place, token)
    refused = ask("login", **EMMA)
    assert f"is for the Gauzy account {DEMO['email']}" in refused and "/account" in refused
    assert ask("get_current_user")["email"] == DEMO["email"]
    assert plain(place, reading(person))("get_current_user")["email"] == DEMO["email"]


def test_a_client_that_may_only_read_renews_nothing_for_others(place: Server, person: Person) -> None:
    client = Client.with_session(place.http, reading(person))
    for account in (EMMA, DEMO):
        answer = client.post("login", **account)
        assert answer.status_code == 403
        assert 'scope="mcp.read mcp.write"' in answer.headers["WWW-Authenticate"]
    assert client.ask("get_auth_status")["email"] == DEMO["email"]


def test_a_sign_in_with_the_same_account_renews_it_where_it_was(place: Server, person: Person) -> None:
    ask = in_a_session(place, changing(person))
    before = ask("get_auth_status")
    after = ask("login", **DEMO)
    assert (after["email"], after["source"]) == (DEMO["email"], "linked")
    assert after["organizationId"] == before["organizationId"]


def test_a_person_of_two_companies_stays_in_the_one_of_the_sign_in(place: Server) -> None:
    """Gauzy signs Samira in to the first of her two tenants unless it is told which."""
    with Person(place) as samira:
        page = samira.browser.get("/oauth/sign-in")
        choice = samira.submit(page, email="samira.haddad@gauzy.local", password="demo")
        samira.submit(choice, workspace=ident("tenant", OTHER_TENANT))
        ask = in_a_session(place, changing(samira))
        given = {"email": "samira.haddad@gauzy.local", "password": "demo"}
        assert ask("login", **given)["tenantId"] == ident("tenant", OTHER_TENANT)
        assert "is for the Gauzy account" in ask("login", **given, tenantId=ident("tenant", TENANT))


@contextlib.contextmanager
def somebody_elses(home: Path, email: str) -> Iterator[None]:
    """What is kept for ``email`` are tokens of another person, as the version before let ``login`` keep them."""
    with contextlib.closing(sqlite3.connect(home / "gauzy-mcp.sqlite3", timeout=30, isolation_level=None)) as database:
        change = "UPDATE authorization_account SET gauzy_user = ? WHERE email = ?"
        (known,) = database.execute("SELECT gauzy_user FROM authorization_account WHERE email = ?", (email,)).fetchone()
        database.execute(change, (ident("user", "somebody else"), email))
        try:
            yield
        finally:
            database.execute(change, (known, email))


def test_tokens_of_somebody_else_that_were_kept_before_are_not_used(place: Server, home: Path) -> None:
    email = "yuki.tanaka@gauzy.local"
    with Person(place) as yuki:
        yuki.sign_in(email=email)
        token = changing(yuki)
        with somebody_elses(home, email):
            assert "/oauth/sign-in" in plain(place, token)("get_projects")
