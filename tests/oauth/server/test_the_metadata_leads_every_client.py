"""RFC 8414: the same issuer and addresses wherever clients look, whatever a request says of itself."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.places import base_of
from tests.processes import Server

PLACES = ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration")


@pytest.mark.parametrize("place_of", PLACES)
def test_the_document_is_where_clients_look(place: Server, place_of: str) -> None:
    base = base_of(place)
    answer = httpx.get(base + place_of)
    told = answer.json()
    assert answer.status_code == 200 and answer.headers["Access-Control-Allow-Origin"] == "*"
    assert told["issuer"] == base
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["grant_types_supported"] == ["authorization_code", "refresh_token"]
    assert "none" in told["token_endpoint_auth_methods_supported"]
    assert told["authorization_response_iss_parameter_supported"] is True
    assert told["client_id_metadata_document_supported"] is True
    assert "offline_access" in told["scopes_supported"]
    for name, address in told.items():
        if name.endswith(("_endpoint", "_uri")):
            assert address.startswith(f"{base}/") and not address.endswith("/"), name
            assert httpx.get(address).status_code not in (301, 302, 307, 308, 404, 500), name


def test_the_protected_resource_names_this_server(place: Server) -> None:
    base = base_of(place)
    for path in ("", "/sse", "/mcp"):
        told = httpx.get(f"{base}/.well-known/oauth-protected-resource{path}").json()
        assert told["authorization_servers"] == [base] and told["resource"] == base + path


def test_a_client_is_told_to_ask_for_changing_too_which_the_person_may_strike(place: Server, person: Person) -> None:
    refused = httpx.post(f"{base_of(place)}/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
    assert refused.status_code == 401
    assert 'scope="mcp.read mcp.write"' in refused.headers["WWW-Authenticate"]
    page = person.asked(OAuthClient.registered(person.base), scope="mcp.read mcp.write").text
    assert re.search(r'name="grant-mcp\.read"[^>]*disabled', page)
    assert re.search(r'name="grant-mcp\.write"[^>]*checked(?! disabled)', page)


@pytest.mark.parametrize("path", ["/mcp", "/sse", "/other", "/tenant/x"])
def test_no_other_issuer_is_made_up(place: Server, path: str) -> None:
    for well_known in PLACES:
        assert httpx.get(base_of(place) + well_known + path).status_code == 404
    assert httpx.get(f"{base_of(place)}{path}/.well-known/openid-configuration").status_code == 404


def test_group_24_a_request_cannot_move_the_addresses(place: Server) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}
    for well_known in PLACES:
        answer = httpx.get(base_of(place) + well_known, headers=headers)
        assert answer.json()["issuer"] == base_of(place) and "evil" not in answer.text
        assert httpx.get(base_of(place) + well_known, headers={"Host": "evil.example"}).status_code == 403


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/register", "/oauth/revoke", *PLACES, "/oauth/jwks"])
def test_pages_of_any_origin_may_ask_before_they_ask(place: Server, path: str) -> None:
    asked = {"Origin": "https://inspector.example", "Access-Control-Request-Method": "POST"}
    answer = httpx.options(base_of(place) + path, headers=asked)
    assert answer.status_code == 204 and answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]


def test_clients_of_2025_03_26_find_the_endpoints_without_asking(person: Person) -> None:
    answer = httpx.post(f"{person.base}/register", json={"redirect_uris": ["http://127.0.0.1:7777/callback"]})
    assert answer.status_code == 201
    made = answer.json()
    client = OAuthClient(person.base, made["client_id"], "http://127.0.0.1:7777/callback", made["client_secret"])
    page = person.browser.get("/authorize", params=client.request(resource=None))
    assert page.status_code == 200
    assert httpx.post(f"{person.base}/token", data={"grant_type": "refresh_token"}).json()["error"] != "not_found"
    assert client.tokens(person)["token_type"] == "Bearer"
