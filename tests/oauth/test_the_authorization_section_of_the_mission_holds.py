"""Every curl call, header, JSON body and configuration block of the README's section on authorization."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from gauzy_mcp.env import load
from tests.oauth.knocking import ask, call, knock, opened
from tests.oauth.stand_in import PAIRS, StandIn
from tests.peers.mission import HTTP, LIST_TOOLS_WITH_A_TOKEN

METADATA_CURL = """\
curl -X GET http://localhost:3001/.well-known/oauth-protected-resource \\
  -H "Accept: application/json"
"""

AUTHORIZED_CURL = """\
curl -X POST http://localhost:3001/sse \\
  -H "Authorization: Bearer <your-jwt-token>" \\
  -H "Content-Type: application/json" \\
  -d '{
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/list",
    "params": {}
  }'
"""

DEMO = """\
MCP_AUTH_ENABLED=true
MCP_AUTH_RESOURCE_URI=https://mcpdemo.gauzy.co
MCP_AUTH_REQUIRED_SCOPES=mcp.read,mcp.write
# JSON-encoded array of authorization servers
MCP_AUTH_SERVERS='[]' # see the file .env.sample on how to configure it
MCP_AUTH_JWT_AUDIENCE=https://mcpdemo.gauzy.co
MCP_AUTH_JWT_ISSUER=https://authdemo.gauzy.co
MCP_AUTH_JWT_ALGORITHMS=RS256,ES256
MCP_AUTH_JWT_JWKS_URI=https://authdemo.gauzy.co/.well-known/jwks.json
MCP_AUTH_TOKEN_CACHE_TTL=300 # 5 minutes cache
MCP_AUTH_METADATA_CACHE_TTL=3600 # 1 hour cache
"""

PRODUCTION = """\
MCP_AUTH_ENABLED=true
MCP_AUTH_RESOURCE_URI=https://mcp.gauzy.co
MCP_AUTH_REQUIRED_SCOPES=mcp.read,mcp.write,mcp.admin
# JSON-encoded array of authorization servers
MCP_AUTH_SERVERS='[]' # see the file .env.sample on how to configure it
MCP_AUTH_JWT_AUDIENCE=https://mcp.gauzy.co
MCP_AUTH_JWT_ISSUER=https://auth.gauzy.co
MCP_AUTH_JWT_ALGORITHMS=RS256,ES256,PS256
MCP_AUTH_JWT_JWKS_URI=https://auth.gauzy.co/.well-known/jwks.json
MCP_AUTH_INTROSPECTION_ENDPOINT=https://auth.gauzy.co/token/introspect
MCP_AUTH_INTROSPECTION_CLIENT_ID=gauzy-mcp-server
MCP_AUTH_INTROSPECTION_CLIENT_SECRET=secure-client-secret
MCP_AUTH_TOKEN_CACHE_TTL=600 # 10 minutes cache
MCP_AUTH_METADATA_CACHE_TTL=7200 # 2 hours cache
MCP_AUTH_ALLOW_EMBEDDED_SERVER=false # Disable for production
MCP_AUTH_SESSION_SECRET=production-session-secret-key
"""

BLOCKS = {"demo": (DEMO, "https://mcpdemo.gauzy.co"), "production": (PRODUCTION, "https://mcp.gauzy.co")}


def curl(command: str, address: str, token: str = "") -> tuple[int, str, str]:
    """Status, headers and body of a call of the README, at ``address`` instead of the port of its example."""
    placed = command.replace(HTTP, address).replace("<your-jwt-token>", token).replace("<your-access-token>", token)
    printed = subprocess.run(["bash", "-c", placed.replace("curl ", "curl -s -i ", 1)], capture_output=True, text=True)
    head, _, body = printed.stdout.partition("\n\n")
    return int(head.split()[1]), head, body


def started_as(block: str, issuer: StandIn, tmp_path: Path) -> dict[str, str]:
    """The block as an .env file of its server, with a stand-in at the addresses of its authorization server."""
    written = tmp_path / ".env"
    for real in ("https://authdemo.gauzy.co/.well-known/jwks.json", "https://auth.gauzy.co/.well-known/jwks.json"):
        block = block.replace(real, f"{issuer.url}/jwks")
    written.write_text(block.replace("https://auth.gauzy.co/token/introspect", f"{issuer.url}/introspect"))
    return {"GAUZY_MCP_ENV_FILE": str(written), "GAUZY_IDENTITY_MODE": "shared"}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_configuration_block_works_as_it_stands(own_issuer: StandIn, tmp_path: Path, name: str) -> None:
    block, resource = BLOCKS[name]
    iss = f"https://auth{'demo' if name == 'demo' else ''}.gauzy.co"
    scopes = "mcp.read mcp.write" + (" mcp.admin" if name == "production" else "")
    with opened(started_as(block, own_issuer, tmp_path)) as (_, client):
        refused = knock(client)
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"] == (
            f'Bearer resource_metadata="{resource}/.well-known/oauth-protected-resource/sse", scope="{scopes}"'
        )
        document = client.get("/.well-known/oauth-protected-resource").json()
        assert document["resource"] == resource
        assert document["authorization_servers"] == [iss], "an empty list means the issuer of the tokens"
        token = own_issuer.token(iss=iss, aud=resource, scope=scopes)
        if name == "production":
            assert knock(client, token).status_code == 503, "its introspection does not know our client"
            own_issuer.client = ("gauzy-mcp-server", "secure-client-secret")
            own_issuer.active[token] = {"active": True, "sub": "alice"}
        assert not call(client, token, "get_projects").get("isError")
        weaker = own_issuer.token(iss=iss, aud=resource, scope="mcp.read")
        own_issuer.active[weaker] = {"active": True, "sub": "alice"}
        assert knock(client, weaker).json()["scope"] == scopes


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_loads_without_a_warning_about_oauth(tmp_path: Path, name: str) -> None:
    written = tmp_path / ".env.local"
    written.write_text(BLOCKS[name][0])
    made = load({"GAUZY_MCP_ENV_FILE": str(written), "MCP_TRANSPORT": "http"}, root=tmp_path)
    told = [warning for warning in made.warnings if "MCP_AUTH_ALLOW_EMBEDDED_SERVER" not in warning]
    assert told == []
    assert made.environment.MCP_AUTH_SERVERS == ()
    assert (300 if name == "demo" else 600) == made.environment.MCP_AUTH_TOKEN_CACHE_TTL


def test_the_metadata_is_fetched_by_the_curl_of_the_readme(live_address: str) -> None:
    status, head, body = curl(METADATA_CURL, live_address)
    assert status == 200 and "application/json" in head
    assert json.loads(body)["bearer_methods_supported"] == ["header"]


@pytest.mark.parametrize("command", [AUTHORIZED_CURL, LIST_TOOLS_WITH_A_TOKEN])
def test_tools_are_listed_by_the_curl_of_the_readme(live_address: str, issuer: StandIn, command: str) -> None:
    status, _, body = curl(command, live_address, issuer.token())
    assert status == 200
    assert len(json.loads(body)["result"]["tools"]) > 10


@pytest.mark.parametrize("command", [AUTHORIZED_CURL, LIST_TOOLS_WITH_A_TOKEN])
def test_without_a_valid_token_it_is_401_as_the_readme_says(live_address: str, command: str) -> None:
    """The README's header, at the path form of the address that was asked (RFC 9728 section 3.1)."""
    status, head, body = curl(command, live_address, "expired.or.forged")
    assert status == 401
    (line,) = [line for line in head.splitlines() if line.lower().startswith("www-authenticate:")]
    header = line.partition(": ")[2]
    assert header.startswith(
        'Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/sse", '
        'error="invalid_token", error_description="Token validation failed"'
    )
    assert json.loads(body)["error"] == "invalid_token"


def test_a_missing_scope_is_the_body_of_the_readme(client: httpx.Client, issuer: StandIn) -> None:
    params = {"name": "create_task", "arguments": {"title": "x"}}
    answer = ask(client, "tools/call", params, token=issuer.token(scope="mcp.read"))
    assert answer.status_code == 403
    assert answer.json() == json.loads("""
      {
        "error": "insufficient_scope",
        "error_description": "Request requires higher privileges than provided",
        "scope": "mcp.read mcp.write"
      }
    """)


def test_locally_the_address_of_the_listener_is_the_resource(issuer: StandIn) -> None:
    """``http://localhost:3001/.well-known/oauth-protected-resource`` of the README, for whatever port it is."""
    from tests.oauth.peer import free_port

    environment = issuer.environment(MCP_TRANSPORT="http", MCP_HTTP_PORT=str(free_port()))
    del environment["MCP_AUTH_RESOURCE_URI"]
    with opened(environment) as (running, client):
        local = f"http://localhost:{urlsplit(running.http).port}"
        challenge = knock(client).headers["WWW-Authenticate"]
        assert f'resource_metadata="{local}/.well-known/oauth-protected-resource/sse"' in challenge
        assert knock(client, issuer.token(aud=local)).status_code == 200


def test_without_authorization_nothing_is_asked_for() -> None:
    with opened({}) as (_, client):
        answer = knock(client)
        assert answer.status_code == 200 and "WWW-Authenticate" not in answer.headers
        assert knock(client, "whatever").status_code == 200


def test_a_public_key_takes_the_place_of_the_key_set(issuer: StandIn) -> None:
    """``# MCP_AUTH_JWT_PUBLIC_KEY=-----BEGIN PUBLIC KEY-----...``, with line ends as a file has them."""
    environment = issuer.environment(MCP_AUTH_JWT_PUBLIC_KEY=PAIRS["ES256"].pem)
    del environment["MCP_AUTH_JWT_JWKS_URI"]
    with opened(environment) as (_, client):
        assert knock(client, issuer.token("ES256")).status_code == 200
