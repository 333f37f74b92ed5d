"""RFC 6749 section 6 and RFC 8707 section 2.2: a refresh may ask for less, and the grant stays what it was."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.oauth.server.administration import GRANTS
from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.test_who_is_no_operator_any_more_has_no_operators_scope import set_staff
from tests.operations.operators import Operator
from tests.processes import Server


def test_a_narrower_refresh_can_be_followed_by_a_wider_one(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    tokens = client.tokens(person)
    for asked, given in (("mcp.read", "mcp.read"), (None, "mcp.read mcp.write"), ("mcp.write", "mcp.write")):
        answer = client.refresh(tokens["refresh_token"], scope=asked)
        assert answer.status_code == 200, answer.text
        tokens = answer.json()
        assert tokens["scope"] == given


def test_no_refresh_asks_for_more_than_was_granted(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    tokens = client.refresh(client.tokens(person, scope="mcp.read")["refresh_token"], scope="mcp.read").json()
    wider = client.refresh(tokens["refresh_token"], scope="mcp.read mcp.write", granted_scope="mcp.write")
    assert (wider.status_code, wider.json()["error"]) == (400, "invalid_scope")


def test_a_narrower_resource_can_be_followed_by_the_others(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    sse, mcp = f"{person.base}/sse", f"{person.base}/mcp"
    page = person.browser.get("/oauth/authorize", params={**client.request(), "resource": [sse, mcp]})
    code = person.decided(page)["code"]
    tokens = client.exchange(code, resource=mcp).json()
    for resource in (sse, mcp):
        answer = client.refresh(tokens["refresh_token"], resource=resource)
        assert answer.status_code == 200, answer.text
        tokens = answer.json()
    foreign = client.refresh(tokens["refresh_token"], resource=person.base)
    assert (foreign.status_code, foreign.json()["error"]) == (400, "invalid_target")


def test_people_and_operators_see_what_was_granted(place: Server, person: Person) -> None:
    client = OAuthClient.registered(person.base, client_name="Narrowed for now")
    client.refresh(client.tokens(person)["refresh_token"], scope="mcp.read")
    (row,) = [row for row in person.browser.get("/account").text.split("<li>") if "Narrowed for now" in row]
    assert "May see and change." in row
    with Operator(place.http) as operator:
        assert "mcp.read mcp.write" in operator.http.get(GRANTS, params={"q": client.id}).text


def test_a_narrowed_sign_in_of_an_operator_ends_with_the_office(place: Server, person: Person) -> None:
    client = OAuthClient.registered(person.base)
    with Operator(place.http) as operator:
        set_staff(operator, is_staff=True)
        tokens = client.tokens(person, scope="mcp.read mcp.admin")
        narrowed = client.refresh(tokens["refresh_token"], scope="mcp.read").json()
        set_staff(operator, is_staff=False)
    assert client.refresh(narrowed["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("scope", ["mcp.read", "mcp.read mcp.write"])
def test_a_sign_in_of_the_version_before_keeps_the_scope_it_had(person: Person, home: Path, scope: str) -> None:
    client = OAuthClient.registered(person.base)
    tokens = client.tokens(person, scope=scope)
    with sqlite3.connect(home / "gauzy-mcp.sqlite3", timeout=20) as database:
        database.execute("DELETE FROM authorization_grantedscope")
    narrowed = client.refresh(tokens["refresh_token"], scope="mcp.read").json()
    assert client.refresh(narrowed["refresh_token"]).json()["scope"] == scope
