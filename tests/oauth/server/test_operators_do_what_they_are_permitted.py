"""Permissions of the server in the admin. Django logs each refusal with its stack, which ``place`` does not bear."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.oauth.knocking import knock
from tests.oauth.server.administration import ACCESS, CLIENTS, GRANTS, KEYS, PEOPLE, PERSONAL, first
from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.places import embedded
from tests.oauth.server.using import call
from tests.operations.operators import FIRST_OPERATOR, Operator
from tests.operations.places import History
from tests.operations.users import make
from tests.processes import Server


@pytest.fixture(scope="module")
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("permitted")


@pytest.fixture(scope="module")
def own(own_home: Path) -> Iterator[Server]:
    with embedded(str(own_home), MCP_TRANSPORT="http", **FIRST_OPERATOR) as running:
        yield running


@pytest.fixture
def own_person(own: Server) -> Iterator[Person]:
    with Person(own) as opened:
        opened.sign_in()
        yield opened


def test_to_see_and_to_end_are_two_permissions(own: Server, own_home: Path, own_person: Person) -> None:
    client = OAuthClient.registered(own_person.base)
    token = client.tokens(own_person)["access_token"]
    name, password = secrets.token_hex(6), secrets.token_hex(12)
    views = [f"oauth2_provider.view_{model}" for model in ("application", "refreshtoken", "accesstoken")]
    make(own_home, name, password, *views, "authorization.view_account", "authorization.view_signingkey")
    with Operator(own.http, name, password) as watcher:
        for page in (GRANTS, ACCESS, PEOPLE):
            text = watcher.http.get(page).text
            assert "result_list" in text
            assert 'value="revoke"' not in text
            assert 'value="disable"' not in text
        assert watcher.http.get(PERSONAL).status_code == 403
        assert watcher.http.get(f"{CLIENTS}add/").status_code == 403
        assert watcher.http.get(f"{KEYS}rotate/").status_code == 403
    with httpx.Client(base_url=own.http, verify=False) as mcp:
        assert knock(mcp, token).status_code == 200


def test_what_a_client_said_of_itself_is_not_changed(own: Server, own_person: Person) -> None:
    with Operator(own.http) as operator:
        client = OAuthClient.registered(own_person.base, client_name="Its own words")
        page = f"{CLIENTS}{first(operator, CLIENTS, client.id)}/change/"
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', operator.http.get(page).text)
        assert token
        fields = {"name": "Other words", "redirect_uris": "https://evil.example/", "csrfmiddlewaretoken": token[1]}
        answer = operator.http.post(page, data=fields, headers={"Referer": str(operator.http.base_url)})
        assert answer.status_code == 403


def test_no_list_is_filtered_by_a_secret(own: Server, own_home: Path) -> None:
    name, password = secrets.token_hex(6), secrets.token_hex(12)
    models = ("application", "refreshtoken", "accesstoken", "grant")
    make(own_home, name, password, *(f"oauth2_provider.view_{model}" for model in models))
    filters = {
        CLIENTS: "client_secret__startswith=p",
        ACCESS: "token_checksum__startswith=a",
        GRANTS: "token__startswith=a",
        "/admin/oauth2_provider/grant/": "code__startswith=a",
    }
    with Operator(own.http, name, password) as watcher:
        for page, lookup in filters.items():
            assert watcher.http.get(f"{page}?{lookup}").status_code == 400, page
            assert watcher.http.get(f"{page}?scope__regex=(").status_code == 400, page
            assert watcher.http.get(page).status_code == 200, page


def test_the_history_says_which_person_and_account(own: Server, own_home: Path, own_person: Person) -> None:
    token = OAuthClient.registered(own_person.base).tokens(own_person)["access_token"]
    assert call(own_person.base, token, "get_projects", limit=1).status_code == 200
    history = History(own_home)
    (made,) = history.until(lambda: [row for row in history.calls() if row["tool"] == "get_projects"], bool)
    (visit,) = history.until(lambda: [row for row in history.sessions() if row["account"]], bool)
    for row in (made, visit):
        assert row["principal"].startswith(f"{own_person.base}|")
        assert row["account"].endswith("@gauzy.local") and row["account_name"] and row["organization"]
        assert row["address"] == "127.0.0.1"
    assert not visit["uses_configured_account"]
