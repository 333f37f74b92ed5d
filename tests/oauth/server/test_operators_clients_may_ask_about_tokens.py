"""Attack group 49, the other side: what clients that an operator made learn of a token, and when it is nothing."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.oauth.server.administration import CLIENTS
from tests.oauth.server.person import REDIRECT, OAuthClient, Person
from tests.operations.operators import Operator
from tests.processes import Server


@pytest.fixture(scope="module")
def resource_server(place: Server) -> Iterator[httpx.Client]:
    """A client that an operator made for another resource server."""
    made = {"name": "Reports", "client_type": "confidential", "redirect_uris": REDIRECT}
    with Operator(place.http) as operator:
        text = operator.submit(f"{CLIENTS}add/", made).text
    name, secret = (html.unescape(re.findall(rf'id="client-{part}">([^<]+)<', text)[0]) for part in ("id", "secret"))
    with httpx.Client(base_url=place.http, auth=(name, secret), timeout=60) as opened:
        yield opened


def asked(client: httpx.Client, token: str, **more: str) -> httpx.Response:
    return client.post("/oauth/introspect", data={"token": token, **more})


def test_an_access_token_is_told_as_rfc_7662_says(resource_server: httpx.Client, person: Person) -> None:
    client = OAuthClient.registered(person.base)
    tokens = client.tokens(person, scope="mcp.read")
    answer = asked(resource_server, tokens["access_token"])
    told = answer.json()
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert told["active"] is True and told["token_type"] == "Bearer" and told["exp"] > told["iat"]
    assert (told["iss"], told["client_id"], told["scope"]) == (person.base, client.id, "mcp.read")
    assert told["aud"] == [f"{person.base}/mcp"] and told["sub"]
    assert "gauzy.local" not in answer.text, "nothing of the person"


@pytest.mark.parametrize("hint", ["refresh_token", "access_token", "no such hint"])
def test_a_refresh_token_is_named_as_one_whatever_the_hint(
    resource_server: httpx.Client, person: Person, hint: str
) -> None:
    tokens = OAuthClient.registered(person.base).tokens(person)
    told = asked(resource_server, tokens["refresh_token"], token_type_hint=hint).json()
    assert told["active"] is True and told["token_type"] == "refresh_token"
    assert "aud" not in told, "no resource server takes it for a bearer token"


def test_what_is_over_unknown_or_no_token_is_not_active(resource_server: httpx.Client, person: Person) -> None:
    client = OAuthClient.registered(person.base)
    tokens = client.tokens(person)
    newer = client.refresh(tokens["refresh_token"]).json()
    client.revoke(newer["refresh_token"])
    for held in (tokens, newer):
        for kind in ("access_token", "refresh_token"):
            assert asked(resource_server, held[kind]).json() == {"active": False}
    for token in ("", "nothing", "x" * 9000):
        assert asked(resource_server, token).json() == {"active": False}


def test_the_secret_must_be_right(resource_server: httpx.Client, person: Person) -> None:
    tokens = OAuthClient.registered(person.base).tokens(person)
    form = {"token": tokens["access_token"]}
    answer = httpx.post(f"{person.base}/oauth/introspect", data=form, auth=("nobody", "wrong"))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    bearing = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert httpx.post(f"{person.base}/oauth/introspect", data=form, headers=bearing).status_code == 401
