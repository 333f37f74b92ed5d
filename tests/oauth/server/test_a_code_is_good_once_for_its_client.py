"""Attack groups 38 and 39: codes that come again, that are another's, or too old."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import httpx

from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.using import status_of


def test_group_38_a_code_that_comes_again_ends_what_it_became(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    code = person.allows(client)["code"]
    tokens = client.exchange(code).json()
    refreshed = client.refresh(tokens["refresh_token"]).json()
    assert status_of(person.base, refreshed["access_token"]) == 200
    again = client.exchange(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert status_of(person.base, refreshed["access_token"]) == 401
    assert client.refresh(refreshed["refresh_token"]).json()["error"] == "invalid_grant"


def test_group_38_another_sign_in_is_not_concerned(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    other = client.tokens(person)
    code = person.allows(client)["code"]
    client.exchange(code)
    client.exchange(code)
    assert status_of(person.base, other["access_token"]) == 200


def test_group_39_a_code_is_for_its_client_and_redirect(person: Person) -> None:
    client, thief = OAuthClient.registered(person.base), OAuthClient.registered(person.base)
    code = person.allows(client)["code"]
    assert client.exchange(code, client_id=thief.id).json()["error"] == "invalid_grant"
    assert client.exchange(code, redirect_uri="http://127.0.0.1:7778/callback").status_code == 400
    assert client.exchange(code, client_id="nobody").status_code == 401
    assert client.exchange(code).status_code == 200


def test_group_39_a_code_lives_a_minute(person: Person, home: Path) -> None:
    client = OAuthClient.registered(person.base)
    code = person.allows(client)["code"]
    with sqlite3.connect(home / "gauzy-mcp.sqlite3", timeout=20) as database:
        database.execute("UPDATE oauth2_provider_grant SET expires = datetime('now', '-1 seconds')")
    assert client.exchange(code).json()["error"] == "invalid_grant"


def test_a_parameter_that_comes_twice_is_refused(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    code = person.allows(client)["code"]
    form = f"grant_type=authorization_code&code={code}&code={code}&client_id={client.id}"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = httpx.post(f"{person.base}/oauth/token", content=form, headers=kind)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert "code must be given once" in answer.json()["error_description"]
    assert client.exchange("\x00").json()["error"] == "invalid_request"
    assert client.exchange(code, pad="x" * 20_000).json()["error"] == "invalid_request"
    many = httpx.post(f"{person.base}/oauth/token", data={f"field{number}": "1" for number in range(1001)})
    assert "at most" in many.json()["error_description"]
    as_json = httpx.post(f"{person.base}/oauth/token", json={"grant_type": "authorization_code"})
    assert (as_json.status_code, as_json.json()["error"]) == (400, "invalid_request")
