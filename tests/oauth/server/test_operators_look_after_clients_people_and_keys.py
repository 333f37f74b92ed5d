"""The authorization server in the admin: what is shown, what is never shown, and what operators end."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.oauth.knocking import bearer, knock
from tests.oauth.server.administration import (
    ACCESS,
    ALL,
    CLIENTS,
    GRANTS,
    KEYS,
    PEOPLE,
    PERSONAL,
    act,
    first,
)
from tests.oauth.server.person import REDIRECT, OAuthClient, Person, redirected
from tests.oauth.sockets import dial, exchange
from tests.operations.operators import Operator
from tests.operations.sockets import closing
from tests.processes import Server


@pytest.fixture
def operator(place: Server) -> Iterator[Operator]:
    with Operator(place.http) as opened:
        yield opened


@pytest.fixture
def mcp(place: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=place.http, timeout=30, verify=False) as opened:
        yield opened


def personal_token(person: Person) -> str:
    answer = person.send("/account/tokens", name="Of a test", may="read", days="7")
    found = re.search(r"gauzy_mcp_pat_[\w-]{43}", answer.text)
    assert found
    return found[0]


def make_client(operator: Operator, **changes: str) -> httpx.Response:
    fields = {"name": "Reports", "client_type": "confidential", "redirect_uris": REDIRECT, **changes}
    return operator.submit(f"{CLIENTS}add/", fields)


def shown(answer: httpx.Response, name: str) -> str:
    found = re.search(rf'id="{name}">([^<]+)<', answer.text)
    assert found, answer.text
    return html.unescape(found[1])


def test_no_page_shows_a_secret_or_its_digest(operator: Operator, person: Person) -> None:
    client = OAuthClient.registered(person.base, token_endpoint_auth_method="client_secret_post")
    tokens = client.tokens(person)
    personal = personal_token(person)
    for page in ALL:
        listed = operator.http.get(page)
        assert listed.status_code == 200
        pages = [listed.text]
        if 'name="_selected_action"' in listed.text:
            detail = operator.http.get(f"{page}{first(operator, page)}/change/")
            assert detail.status_code == 200, page
            pages.append(detail.text)
        for text in pages:
            assert tokens["access_token"] not in text
            assert tokens["refresh_token"] not in text
            assert client.secret not in text
            assert personal not in text
            assert not re.search(r"\b[0-9a-f]{64}\b|sha256\$", text), page


def test_a_confidential_client_is_made_and_its_secret_shown_once(operator: Operator, person: Person) -> None:
    answer = make_client(operator)
    assert "no-store" in answer.headers["Cache-Control"]
    client = OAuthClient(person.base, shown(answer, "client-id"), secret=shown(answer, "client-secret"))
    assert client.secret not in operator.http.get(f"{CLIENTS}{first(operator, CLIENTS, client.id)}/change/").text
    assert "Registered by whoever runs this server" in person.asked(client).text
    assert client.tokens(person)["scope"] == "mcp.read mcp.write"
    code = redirected(person.submit(person.asked(client), decision="allow"))["code"]
    assert client.exchange(code, client_secret="another").json()["error"] == "invalid_client"


def test_a_public_client_is_made_without_a_secret(operator: Operator, person: Person) -> None:
    answer = make_client(operator, client_type="public", name="On people's machines")
    assert "client-secret" not in answer.text
    assert OAuthClient(person.base, shown(answer, "client-id")).tokens(person)["token_type"] == "Bearer"


@pytest.mark.parametrize(
    "uris",
    ["", "http://app.example.com/cb", "https://app.example.com/cb#x", "javascript:alert(1)", "https://a@b.example"],
)
def test_clients_of_operators_obey_the_rules_for_redirects(operator: Operator, uris: str) -> None:
    answer = make_client(operator, redirect_uris=uris)
    assert answer.status_code == 200
    assert "client-id" not in answer.text
    assert "redirect_uris" in answer.text


def test_a_grant_is_revoked_for_its_client_at_once(operator: Operator, person: Person, mcp: httpx.Client) -> None:
    client = OAuthClient.registered(person.base)
    tokens = client.tokens(person)
    assert knock(mcp, tokens["access_token"]).status_code == 200
    act(operator, GRANTS, "revoke", first(operator, GRANTS, client.id))
    assert knock(mcp, tokens["access_token"]).status_code == 401
    assert client.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_an_access_token_is_revoked_with_what_renews_it(operator: Operator, person: Person, mcp: httpx.Client) -> None:
    client = OAuthClient.registered(person.base)
    tokens = client.tokens(person)
    assert knock(mcp, tokens["access_token"]).status_code == 200
    act(operator, ACCESS, "revoke", first(operator, ACCESS, client.id))
    assert knock(mcp, tokens["access_token"]).status_code == 401
    assert client.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_all_grants_of_a_client_are_revoked(operator: Operator, person: Person, mcp: httpx.Client) -> None:
    client = OAuthClient.registered(person.base)
    token = client.tokens(person)["access_token"]
    act(operator, CLIENTS, "revoke", first(operator, CLIENTS, client.id))
    assert knock(mcp, token).status_code == 401


def test_a_disabled_person_is_out_everywhere_at_once(
    operator: Operator, place: Server, mcp: httpx.Client, stranger: Person
) -> None:
    email = "manager@gauzy.local"
    stranger.sign_in(email=email)
    token = OAuthClient.registered(stranger.base).tokens(stranger)["access_token"]
    personal = personal_token(stranger)
    key = first(operator, PEOPLE, email)
    with dial(place, additional_headers=bearer(personal)) as socket:
        assert exchange(socket, "ping")["result"] == {}
        assert knock(mcp, token).status_code == 200
        act(operator, PEOPLE, "disable", key)
        assert closing(socket) == 4401
    assert [knock(mcp, one).status_code for one in (token, personal)] == [401, 401]
    assert stranger.browser.get("/account").status_code == 303
    act(operator, PEOPLE, "enable", key)
    assert [knock(mcp, one).status_code for one in (token, personal)] == [401, 401], "what was ended stays so"


def test_a_personal_token_is_deleted_at_once(operator: Operator, person: Person, mcp: httpx.Client) -> None:
    token = personal_token(person)
    assert knock(mcp, token).status_code == 200
    key = re.findall(r'name="token" value="([\w-]{36})"', person.browser.get("/account").text)[0]
    act(operator, PERSONAL, "delete_chosen", key)
    assert knock(mcp, token).status_code == 401


def test_the_signing_key_is_rotated_after_a_question(operator: Operator, person: Person, mcp: httpx.Client) -> None:
    client = OAuthClient.registered(person.base)
    before = client.tokens(person)
    kids = {key["kid"] for key in httpx.get(f"{person.base}/oauth/jwks", verify=False).json()["keys"]}
    assert operator.http.get(f"{KEYS}rotate/").status_code == 200
    assert operator.submit(f"{KEYS}rotate/", {}).status_code == 302
    new = {key["kid"] for key in httpx.get(f"{person.base}/oauth/jwks", verify=False).json()["keys"]} - kids
    assert len(new) == 1
    after = client.refresh(before["refresh_token"]).json()
    assert knock(mcp, after["access_token"]).status_code == 200
    assert knock(mcp, OAuthClient.registered(person.base).tokens(person)["access_token"]).status_code == 200
