"""RFC 9728: one document for the server and one per endpoint, with addresses of the configuration alone."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.oauth.knocking import knock, opened
from tests.oauth.stand_in import StandIn

PLACE = "/.well-known/oauth-protected-resource"


def test_each_endpoint_has_its_own(client: httpx.Client, issuer: StandIn) -> None:
    for path in ("", "/sse", "/mcp"):
        answer = client.get(PLACE + path, headers={"Accept": "application/json"})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert answer.json() == {
            "resource": f"https://mcp.example.com{path}",
            "authorization_servers": [issuer.issuer],
            "scopes_supported": ["mcp.read", "mcp.write"],
            "bearer_methods_supported": ["header"],
            "resource_name": "Ever Gauzy",
        }


@pytest.mark.parametrize("path", ["/other", "/sse/session", "/mcp/x", "x", "/sse%2f..", "//sse"])
def test_what_is_no_endpoint_has_none(client: httpx.Client, path: str) -> None:
    assert client.get(PLACE + path).status_code == 404


def test_a_page_may_ask_and_nobody_needs_a_token(client: httpx.Client) -> None:
    answer = client.options(
        PLACE, headers={"Origin": "https://inspector.example", "Access-Control-Request-Method": "GET"}
    )
    assert answer.status_code == 204 and answer.headers["Access-Control-Allow-Origin"] == "*"
    assert client.post(PLACE).status_code in (403, 405)
    assert client.head(PLACE).status_code == 200


@pytest.mark.parametrize(
    ("servers", "told"),
    [
        ('["https://a.example.com"]', ["https://a.example.com"]),
        ('[{"issuer": "https://b.example.com/", "tokenEndpoint": "https://b.example.com/t"}]', ["https://b.example.com/"]),
        ('["https://a.example.com", {"issuer": "https://c.example.com/realms/x"}]',
         ["https://a.example.com", "https://c.example.com/realms/x"]),
        ("[]", None),
    ],
)  # fmt: skip
def test_servers_are_named_as_they_were_given(issuer: StandIn, servers: str, told: list[str] | None) -> None:
    """Clients compare the issuer byte by byte, so nothing of it is changed."""
    environment = issuer.environment(MCP_AUTH_SERVERS=servers, MCP_AUTH_REQUIRED_SCOPES="mcp.admin")
    with opened(environment) as (_, client):
        document = client.get(PLACE).json()
        assert document["authorization_servers"] == (told or [issuer.issuer])
        assert document["scopes_supported"] == ["mcp.read", "mcp.write", "mcp.admin"]


@pytest.mark.parametrize(
    ("uri", "path", "metadata"),
    [
        ("https://mcp.example.com/", "", "https://mcp.example.com/.well-known/oauth-protected-resource/sse"),
        ("https://mcp.example.com/mcp", "", "https://mcp.example.com/.well-known/oauth-protected-resource/sse"),
        ("https://x.example.com:8443/gauzy", "/gauzy",
         "https://x.example.com:8443/.well-known/oauth-protected-resource/gauzy/sse"),
    ],
)  # fmt: skip
def test_the_address_of_the_server_is_the_configured_one(issuer: StandIn, uri: str, path: str, metadata: str) -> None:
    with opened(issuer.environment(MCP_AUTH_RESOURCE_URI=uri)) as (_, client):
        refused = knock(client)
        assert f'resource_metadata="{metadata}"' in refused.headers["WWW-Authenticate"]
        place = metadata[metadata.index("/.well-known") :]
        resource = client.get(place).json()["resource"]
        assert resource == metadata.replace(PLACE, "")
        assert client.get(PLACE + path).json()["resource"] == resource.removesuffix("/sse")
        assert knock(client, issuer.token(aud=resource)).status_code == 200


def test_the_example_of_the_sample_file_works(issuer: StandIn) -> None:
    from gauzy_mcp.env.table import BY_NAME

    example = BY_NAME["MCP_AUTH_SERVERS"].example
    with opened(issuer.environment(MCP_AUTH_SERVERS=example)) as (_, client):
        assert client.get(PLACE).json()["authorization_servers"] == [json.loads(example)[0]["issuer"]]
