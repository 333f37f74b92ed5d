"""``mcp.admin`` is for staff: it goes with that, also from tokens that were given before."""

from __future__ import annotations

import re

from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.using import status_of
from tests.operations.operators import Operator
from tests.processes import Server

USERS = "/admin/auth/user/"


def test_tokens_with_the_scope_end_with_the_office(place: Server, person: Person) -> None:
    client = OAuthClient.registered(person.base)
    with Operator(place.http) as operator:
        set_staff(operator, is_staff=True)
        admin, plain = client.tokens(person, scope="mcp.read mcp.admin"), client.tokens(person, scope="mcp.read")
        assert admin["scope"] == "mcp.read mcp.admin"
        assert status_of(person.base, admin["access_token"]) == 200
        set_staff(operator, is_staff=False)
    assert status_of(person.base, admin["access_token"]) == 401
    assert client.refresh(admin["refresh_token"]).json()["error"] == "invalid_grant"
    assert status_of(person.base, plain["access_token"]) == 200, "what was granted besides stays"


def test_personal_tokens_with_the_scope_end_with_the_office(place: Server, person: Person) -> None:
    with Operator(place.http) as operator:
        set_staff(operator, is_staff=True)
        admin, plain = (made(person, may) for may in ("admin", "write"))
        assert [status_of(person.base, token) for token in (admin, plain)] == [200, 200]
        set_staff(operator, is_staff=False)
    assert [status_of(person.base, token) for token in (admin, plain)] == [401, 200]
    assert made(person, "admin") == "", "and none can be made"


def made(person: Person, may: str) -> str:
    """A personal token; empty where the page makes none."""
    answer = person.send("/account/tokens", name=f"To {may}", may=may, days="30")
    found = re.search(r"gauzy_mcp_pat_[\w-]{43}", answer.text)
    return found[0] if found else ""


def set_staff(operator: Operator, *, is_staff: bool) -> None:
    """What an operator does on the page of the demo user."""
    listed = operator.http.get(USERS, params={"q": "demo@gauzy.local"}).text
    found = re.search(r'href="(/admin/auth/user/\d+/change/)', listed)
    assert found
    page = operator.http.get(found[1]).text
    fields = {}
    for tag in re.findall(r"<input[^>]*>", page):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if told.get("type") in ("text", "email") or (told.get("type") == "checkbox" and " checked" in tag):
            fields[told.get("name", "")] = told.get("value", "on")
    fields.pop("is_staff", None)
    answer = operator.submit(found[1], {**fields, **({"is_staff": "on"} if is_staff else {})})
    assert answer.status_code == 302, re.findall(r"errorlist.*?</ul>", answer.text, re.S)
