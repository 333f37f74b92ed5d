"""The page of connected apps: what is there, and an end to one or to all."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.oauth.knocking import call, knock, text_of
from tests.oauth.server.administration import act, first
from tests.oauth.server.person import DEMO, OAuthClient, Person
from tests.operations.operators import Operator
from tests.processes import Server

LINKED = "/admin/vault/credential/"


@pytest.fixture
def employee(place: Server) -> Iterator[Person]:
    """Somebody with nothing connected."""
    with Person(place) as opened:
        opened.sign_in(email="employee@gauzy.local")
        disconnect_all(opened)
        yield opened


@pytest.fixture
def mcp(place: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=place.http, timeout=30, verify=False) as opened:
        yield opened


def disconnect_all(person: Person) -> None:
    assert person.send("/account/disconnect", all="yes").status_code == 303
    person.sign_in(email="employee@gauzy.local")


def keys(person: Person) -> list[str]:
    """What the forms of the page name, the latest client first."""
    return re.findall(r'name="client" value="(\d+)"', person.browser.get("/account").text)


def test_the_page_tells_what_is_connected(employee: Person) -> None:
    assert "Nothing is connected" in employee.browser.get("/account").text
    uris = ["https://app.example.com/callback", "http://127.0.0.1/callback"]
    client = OAuthClient.registered(employee.base, client_name="Reader <b>x</b>", redirect_uris=uris)
    client.tokens(employee, scope="mcp.read")
    page = employee.browser.get("/account").text
    assert "Reader &lt;b&gt;x&lt;/b&gt;" in page
    assert "app.example.com and a program on your computer" in page
    assert "May see." in page
    assert "employee@gauzy.local" in page
    assert "eyJ" not in page


def test_a_client_that_refreshed_is_one_client_still(employee: Person) -> None:
    client = OAuthClient.registered(employee.base)
    tokens = client.tokens(employee)
    assert client.refresh(tokens["refresh_token"]).status_code == 200
    assert len(keys(employee)) == 1


def test_disconnecting_one_ends_its_tokens_at_once_and_no_others(employee: Person, mcp: httpx.Client) -> None:
    kept, ended = OAuthClient.registered(employee.base), OAuthClient.registered(employee.base)
    good, bad = kept.tokens(employee), ended.tokens(employee)
    assert knock(mcp, bad["access_token"]).status_code == 200
    assert employee.send("/account/disconnect", client=keys(employee)[0]).status_code == 303
    assert knock(mcp, bad["access_token"]).status_code == 401
    assert ended.refresh(bad["refresh_token"]).json()["error"] == "invalid_grant"
    assert knock(mcp, good["access_token"]).status_code == 200
    assert len(keys(employee)) == 1


def test_a_code_that_waits_is_ended_too(employee: Person) -> None:
    client = OAuthClient.registered(employee.base)
    client.tokens(employee)
    code = employee.allows(client)["code"]
    employee.send("/account/disconnect", client=keys(employee)[0])
    assert client.exchange(code).json()["error"] == "invalid_grant"


def test_disconnecting_all_leaves_nothing_of_gauzy_here(employee: Person, mcp: httpx.Client) -> None:
    first, second = OAuthClient.registered(employee.base), OAuthClient.registered(employee.base)
    tokens = [client.tokens(employee)["access_token"] for client in (first, second)]
    assert employee.send("/account/disconnect", all="yes").headers["Location"] == "/account?done=all"
    assert [knock(mcp, token).status_code for token in tokens] == [401, 401]
    assert keys(employee) == []
    asked = employee.asked(first)
    assert asked.headers["Location"].startswith("/oauth/sign-in"), "Gauzy's tokens are gone: sign in again"


def test_what_is_not_mine_is_not_ended(employee: Person, person: Person, mcp: httpx.Client) -> None:
    token = OAuthClient.registered(person.base).tokens(person)["access_token"]
    for key in keys(person):
        employee.send("/account/disconnect", client=key)
    assert knock(mcp, token).status_code == 200


@pytest.mark.parametrize("key", ["", "x", "0", "-1", "9" * 30, "²"])
def test_an_app_that_is_not_there_is_told_so(employee: Person, key: str) -> None:
    answer = employee.send("/account/disconnect", client=key)
    assert answer.status_code == 404
    assert "no such app" in answer.text


@pytest.mark.parametrize("path", ["/account/disconnect", "/account/tokens", "/account/tokens/delete"])
def test_only_forms_of_this_page_change_something(employee: Person, stranger: Person, path: str) -> None:
    assert employee.browser.get(path).status_code == 405
    assert employee.browser.post(path, headers={"Origin": "https://evil.example"}).status_code == 403
    page = stranger.browser.get("/oauth/sign-in")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token
    answer = stranger.browser.post(path, data={"csrfmiddlewaretoken": token[1]}, headers={"Origin": stranger.base})
    assert answer.headers["Location"].startswith("/oauth/sign-in")


def test_a_person_without_tokens_of_gauzy_is_shown_to_the_sign_in_and_continues(
    place: Server, person: Person, mcp: httpx.Client
) -> None:
    """The vault is empty for them, as after a refresh token that died; no code is needed afterwards."""
    token = OAuthClient.registered(person.base).tokens(person)["access_token"]
    with Operator(place.http) as operator:
        act(operator, LINKED, "unlink", first(operator, LINKED, DEMO["email"]))
    told = text_of(call(mcp, token, "get_projects"))
    assert f"{person.base}/oauth/sign-in" in told
    assert "code" not in told
    person.sign_in()
    assert "Apollo" in text_of(call(mcp, token, "get_projects"))


def test_tools_that_link_or_sign_in_are_not_offered(person: Person, mcp: httpx.Client) -> None:
    token = OAuthClient.registered(person.base).tokens(person)["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    listed = mcp.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, headers=headers).json()
    names = {tool["name"] for tool in listed["result"]["tools"]}
    assert "get_projects" in names
    assert not names & {"link_account", "login"}
