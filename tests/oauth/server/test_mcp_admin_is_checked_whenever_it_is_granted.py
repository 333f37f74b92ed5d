"""A consent page, a code and a lost mark: ``mcp.admin`` needs the mark at each step, not at the first one only."""

from __future__ import annotations

from pathlib import Path

from tests.oauth.server.person import OAuthClient, Person, redirected
from tests.oauth.server.test_who_is_no_operator_any_more_has_no_operators_scope import set_staff
from tests.operations.operators import Operator
from tests.operations.places import History
from tests.processes import Server

ALL = "mcp.read mcp.write mcp.admin"


def test_a_page_and_a_code_from_before_grant_no_admin(place: Server, person: Person) -> None:
    with Operator(place.http) as operator:
        set_staff(operator, is_staff=True)
        early, late = (OAuthClient.registered(person.base) for _ in range(2))
        page = person.asked(late, scope=ALL)
        assert "grant-mcp.admin" in page.text
        code = person.allows(early, scope=ALL)["code"]
        set_staff(operator, is_staff=False)
    refused = early.exchange(code)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    given = late.exchange(person.decided(page)["code"]).json()
    assert given["scope"] == "mcp.read mcp.write"
    assert late.refresh(given["refresh_token"]).json()["scope"] == "mcp.read mcp.write"


def test_waiting_codes_with_the_scope_end_with_the_mark(place: Server, person: Person, home: Path) -> None:
    admin, plain = (OAuthClient.registered(person.base) for _ in range(2))
    with Operator(place.http) as operator:
        set_staff(operator, is_staff=True)
        person.allows(admin, scope=ALL)
        person.allows(plain)
        set_staff(operator, is_staff=False)
    query = "SELECT client_id FROM oauth2_provider_grant g JOIN oauth2_provider_application a ON a.id = application_id"
    waiting = {row["client_id"] for row in History(home).rows(query)}
    assert plain.id in waiting and admin.id not in waiting


def test_a_mark_taken_past_the_admin_counts_at_the_next_refresh(place: Server, person: Person, home: Path) -> None:
    client = OAuthClient.registered(person.base)
    with Operator(place.http) as operator:
        set_staff(operator, is_staff=True)
        tokens = client.tokens(person, scope=ALL)
        code = person.allows(client, scope=ALL)["code"]
        History(home).change("UPDATE auth_user SET is_staff = false WHERE email = 'demo@gauzy.local'")
        assert client.exchange(code).json()["error"] == "invalid_grant"
        assert client.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
        set_staff(operator, is_staff=False)


def test_a_person_who_strikes_every_scope_grants_nothing(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    answer = redirected(person.submit(person.asked(client, scope="mcp.write"), decision="allow"))
    assert answer["error"] == "access_denied" and "code" not in answer
