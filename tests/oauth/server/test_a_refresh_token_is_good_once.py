"""Attack group 46: refresh tokens that come again, are another's, or were ended; and answers that got lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.using import status_of


def test_a_lost_answer_is_given_again(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    tokens = client.tokens(person)
    first, again = client.refresh(tokens["refresh_token"]), client.refresh(tokens["refresh_token"])
    assert first.status_code == again.status_code == 200 and first.json() == again.json()
    assert status_of(person.base, again.json()["access_token"]) == 200
    assert status_of(person.base, tokens["access_token"]) == 401, "the one before is over"


def test_group_46_not_to_another_client(person: Person) -> None:
    client, thief = OAuthClient.registered(person.base), OAuthClient.registered(person.base)
    tokens = client.tokens(person)
    assert thief.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    first = client.refresh(tokens["refresh_token"]).json()
    assert thief.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert status_of(person.base, first["access_token"]) == 200, "somebody else's attempt ends nothing of its owner's"


def test_group_46_not_once_its_successor_was_used(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    tokens = client.tokens(person)
    second = client.refresh(tokens["refresh_token"]).json()
    third = client.refresh(second["refresh_token"]).json()
    reused = client.refresh(tokens["refresh_token"])
    assert (reused.status_code, reused.json()["error"]) == (400, "invalid_grant")
    assert status_of(person.base, third["access_token"]) == 401, "reuse ends the whole family"
    assert client.refresh(third["refresh_token"]).json()["error"] == "invalid_grant"


def test_group_46_not_for_long(person: Person, home: Path) -> None:
    client = OAuthClient.registered(person.base)
    tokens = client.tokens(person)
    second = client.refresh(tokens["refresh_token"]).json()
    with sqlite3.connect(home / "gauzy-mcp.sqlite3", timeout=20) as database:
        database.execute("UPDATE authorization_lastresponse SET expires = datetime('now', '-1 seconds')")
    assert client.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert client.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"


def test_group_46_not_after_it_was_revoked(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    tokens = client.tokens(person)
    second = client.refresh(tokens["refresh_token"]).json()
    assert client.revoke(second["refresh_token"]).status_code == 200
    for token in (second["refresh_token"], tokens["refresh_token"]):
        assert client.refresh(token).json()["error"] == "invalid_grant"
    assert status_of(person.base, second["access_token"]) == 401


def test_group_46_a_token_that_was_renewed_ends_its_successor_when_it_is_revoked(person: Person) -> None:
    client, thief = OAuthClient.registered(person.base), OAuthClient.registered(person.base)
    tokens = client.tokens(person)
    second = client.refresh(tokens["refresh_token"]).json()
    assert thief.revoke(tokens["refresh_token"]).status_code == 200
    assert status_of(person.base, second["access_token"]) == 200, "another client ends nothing"
    assert client.revoke(tokens["refresh_token"]).status_code == 200
    assert status_of(person.base, second["access_token"]) == 401
    assert client.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_client_with_a_secret_must_prove_itself_for_a_lost_answer_too(person: Person) -> None:
    client = OAuthClient.registered(person.base, token_endpoint_auth_method="client_secret_post")
    tokens = client.tokens(person)
    first = client.refresh(tokens["refresh_token"])
    assert client.refresh(tokens["refresh_token"], client_secret="wrong").status_code == 401
    assert client.refresh(tokens["refresh_token"], client_secret=None).status_code == 401
    assert client.refresh(tokens["refresh_token"]).json() == first.json()
