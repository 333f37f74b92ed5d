"""Dynamic client registration (RFC 7591) with what known clients send, up to the page where a person decides."""

from __future__ import annotations

import httpx
import pytest

from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.places import base_of
from tests.oauth.server.registering import SENT, good, register
from tests.processes import Server


@pytest.mark.parametrize("name", SENT)
def test_a_known_client_registers_and_its_person_is_asked(name: str, place: Server, person: Person) -> None:
    sent = SENT[name]
    answer = register(base_of(place), sent)
    made = answer.json()
    assert answer.status_code == 201, made
    assert made["redirect_uris"] == sent["redirect_uris"]
    assert made["token_endpoint_auth_method"] == sent.get("token_endpoint_auth_method", "client_secret_basic")
    assert made["client_name"] == sent.get("client_name", "")
    assert made["response_types"] == ["code"]
    assert made["grant_types"] == [
        one for one in sent.get("grant_types", ["authorization_code"]) if "device" not in one
    ]
    assert made["client_id_issued_at"] > 0
    for redirect in sent["redirect_uris"]:
        page = person.asked(OAuthClient(person.base, made["client_id"], redirect))
        assert page.status_code == 200, page.text
        assert 'name="decision"' in page.text


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_confidential_client_gets_a_secret_that_works_as_it_asked(method: str, person: Person) -> None:
    made = register(person.base, good(token_endpoint_auth_method=method)).json()
    assert made["client_secret_expires_at"] == 0
    client = OAuthClient(person.base, made["client_id"], made["redirect_uris"][0])
    code = person.allows(client)["code"]
    assert client.exchange(code).json()["error"] == "invalid_client"
    if method == "client_secret_post":
        answer = client.exchange(code, client_secret=made["client_secret"])
    else:
        form = {
            "grant_type": "authorization_code", "code": code,
            "redirect_uri": client.redirect, "code_verifier": client.verifier,
        }  # fmt: skip
        answer = httpx.post(f"{person.base}/oauth/token", data=form, auth=(made["client_id"], made["client_secret"]))
    assert answer.status_code == 200, answer.text


def test_a_public_client_gets_no_secret(place: Server) -> None:
    made = register(base_of(place), good()).json()
    assert not [name for name in made if "secret" in name]


def test_a_client_may_step_up_beyond_what_it_registered_for(person: Person) -> None:
    made = register(person.base, good(scope="mcp.read")).json()
    client = OAuthClient(person.base, made["client_id"], made["redirect_uris"][0])
    assert client.tokens(person, scope="mcp.read mcp.write")["scope"] == "mcp.read mcp.write"


def test_clients_of_2025_03_26_register_where_they_look(place: Server) -> None:
    answer = httpx.post(f"{base_of(place)}/register", json=good())
    assert answer.status_code == 201


def test_a_page_of_any_origin_may_register_and_nobody_keeps_the_answer(place: Server) -> None:
    asked = httpx.options(
        f"{base_of(place)}/oauth/register",
        headers={"Origin": "https://inspector.example", "Access-Control-Request-Method": "POST"},
    )
    assert asked.status_code == 204
    assert "Content-Type" in asked.headers["Access-Control-Allow-Headers"]
    for metadata, status in ((good(), 201), ({}, 400)):
        answer = register(base_of(place), metadata, headers={"Origin": "https://inspector.example"})
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
