"""MCP_AUTH_RESOURCE_URI may have a path: metadata is path-inserted (RFC 8414 section 3.1), pages lead below it."""

from __future__ import annotations

import httpx
import pytest

from tests.oauth.peer import free_port
from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.places import embedded
from tests.oauth.server.using import call, status_of


def test_the_whole_way_below_a_path() -> None:
    port = str(free_port())
    host = f"http://localhost:{port}"
    base = f"{host}/gauzy"
    variables = {"MCP_AUTH_RESOURCE_URI": f"{base}/mcp", "MCP_HTTP_PORT": port}
    with embedded(**variables) as place, Person(place) as person:
        challenge = httpx.post(f"{base}/mcp", json={}).headers["WWW-Authenticate"]
        assert f'resource_metadata="{host}/.well-known/oauth-protected-resource/gauzy/mcp"' in challenge
        told = httpx.get(f"{host}/.well-known/oauth-protected-resource/gauzy/mcp").json()
        assert (told["resource"], told["authorization_servers"]) == (f"{base}/mcp", [base])
        for address in (
            f"{host}/.well-known/oauth-authorization-server/gauzy",
            f"{host}/.well-known/openid-configuration/gauzy",
            f"{base}/.well-known/openid-configuration",
        ):
            metadata = httpx.get(address).json()
            assert metadata["issuer"] == base and metadata["token_endpoint"] == f"{base}/oauth/token", address
        person.base = base
        person.browser.base_url = base
        answer = person.sign_in()
        assert answer.headers["Location"] == "/gauzy/account"
        client = OAuthClient.registered(base)
        tokens = client.tokens(person)
        assert status_of(base, tokens["access_token"]) == 200
        assert not call(base, tokens["access_token"], "get_projects").json()["result"].get("isError")


@pytest.mark.parametrize("path", ["/gauzy", "/"])
def test_a_proxy_may_take_the_path_off(path: str) -> None:
    port = str(free_port())
    with embedded(MCP_AUTH_RESOURCE_URI=f"http://localhost:{port}/gauzy", MCP_HTTP_PORT=port) as place:
        answer = httpx.get(f"{place.http}{path.rstrip('/')}/oauth/sign-in")
        assert answer.status_code == 200 and 'action="/gauzy/oauth/sign-in"' in answer.text
        assert httpx.get(f"{place.http}{path.rstrip('/')}/healthz").status_code == 200
