"""The console's own sign-in: one built-in client, shown for what it is, and answered at this server only."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.places import base_of
from tests.oauth.server.using import status_of
from tests.processes import Server

CONSOLE = "gauzy-mcp-console"


def rows(home: Path, query: str) -> list[Any]:
    with contextlib.closing(sqlite3.connect(home / "gauzy-mcp.sqlite3", timeout=20)) as database, database:
        return database.execute(query).fetchall()


def console_of(base: str) -> OAuthClient:
    return OAuthClient(base, CONSOLE, f"{base}/")


def test_the_page_knows_its_client_and_where_it_is_good(place: Server) -> None:
    base = base_of(place)
    page = httpx.get(f"{base}/", headers={"Accept": "text/html"}).text
    told = dict(re.findall(r'data-(client|client-places)="([^"]*)"', page))
    assert told["client"] == CONSOLE
    port = base.rpartition(":")[2]
    assert told["client-places"].split() == [f"http://{host}:{port}/" for host in ("127.0.0.1", "localhost")]


def test_a_person_is_told_that_it_is_this_server(person: Person) -> None:
    page = person.asked(console_of(person.base)).text
    assert "<h1>Connect <bdi>Gauzy MCP console</bdi>" in page
    assert "Part of this server" in page and "localhost, this server itself" in page
    for warning in ("nobody has checked it", "Did you start this yourself", "on this computer"):
        assert warning not in page


def test_a_person_signs_in_there_and_sees_it_among_the_connected(person: Person) -> None:
    client = console_of(person.base)
    tokens = client.tokens(person)
    assert status_of(person.base, tokens["access_token"]) == 200
    assert "It is answered at this server. May see and change." in person.browser.get("/account").text
    assert client.refresh(tokens["refresh_token"]).status_code == 200


def test_every_browser_uses_the_same_client(person: Person, place: Server, home: Path) -> None:
    with Person(place) as other:
        other.sign_in(email="employee@gauzy.local")
        for one in (person, other):
            console_of(one.base).tokens(one)
    assert rows(home, "SELECT count(*) FROM oauth2_provider_application WHERE name = 'Gauzy MCP console'") == [(1,)]


@pytest.mark.parametrize("page", ["/callback", "/console", "//", "/?x=1", ":1/", ""])
def test_it_is_answered_nowhere_else(person: Person, page: str) -> None:
    base = "http://localhost" if page.startswith(":") else person.base
    answer = person.asked(console_of(person.base), redirect_uri=f"{base}{page}")
    assert answer.status_code == 400 and "Location" not in answer.headers


def test_another_name_of_this_machine_is_still_this_server(person: Person) -> None:
    client = console_of(person.base)
    client.redirect = f"http://127.0.0.1:{person.base.rpartition(':')[2]}/"
    assert "code" in person.allows(client)


def test_an_address_where_another_program_can_listen_is_not_this_server(person: Person) -> None:
    port = person.base.rpartition(":")[2]
    for host in ("[::1]", "127.0.0.2"):
        answer = person.asked(console_of(person.base), redirect_uri=f"http://{host}:{port}/")
        assert answer.status_code == 400 and "Location" not in answer.headers


def test_who_changes_its_row_does_not_change_where_it_is_answered(person: Person, home: Path) -> None:
    client = console_of(person.base)
    client.tokens(person)
    evil = "https://evil.example/"
    rows(home, f"UPDATE oauth2_provider_application SET redirect_uris = '{evil}' WHERE client_id = '{CONSOLE}'")
    assert person.asked(client, redirect_uri=evil).status_code == 400
    assert "code" in person.allows(client)


def test_nobody_else_is_taken_for_it(person: Person) -> None:
    named_alike = OAuthClient.registered(person.base, client_name="Gauzy MCP console")
    page = person.asked(named_alike).text
    assert "nobody has checked it" in page and "Part of this server" not in page
