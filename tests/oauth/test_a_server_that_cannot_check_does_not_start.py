"""Fail closed: a configuration that would let strangers in, or nobody, stops at start and names the fix."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.commands.run import manage
from tests.env.loads import environment, problems
from tests.oauth.knocking import GOOD, opened
from tests.oauth.stand_in import Pair, StandIn
from tests.processes import Stdio

INTROSPECTION = {
    "MCP_AUTH_INTROSPECTION_ENDPOINT": "https://auth.example.com/introspect",
    "MCP_AUTH_INTROSPECTION_CLIENT_ID": "us",
    "MCP_AUTH_INTROSPECTION_CLIENT_SECRET": "secret",
}


def changed(**changes: str | None) -> dict[str, str]:
    return {name: value for name, value in {**GOOD, **changes}.items() if value is not None}


def test_what_is_needed_is_enough() -> None:
    assert environment(**GOOD).verifies_signatures
    environment(**changed(MCP_AUTH_JWT_JWKS_URI=None, **INTROSPECTION))
    environment(**changed(**INTROSPECTION))
    environment(**changed(MCP_AUTH_JWT_JWKS_URI="http://localhost:9000/jwks"))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"MCP_AUTH_JWT_JWKS_URI": None}, "needs something to check access tokens with"),
        ({"MCP_AUTH_JWT_ISSUER": None}, "MCP_AUTH_JWT_ISSUER is missing"),
        ({**INTROSPECTION, "MCP_AUTH_JWT_JWKS_URI": None, "MCP_AUTH_JWT_ISSUER": None}, "JWT_ISSUER is missing"),
        ({"MCP_AUTH_JWT_JWKS_URI": "http://auth.example.com/jwks"}, "must start with https://"),
        ({"MCP_AUTH_JWT_PUBLIC_KEY": "x"}, "are both set"),
        ({"MCP_AUTH_RESOURCE_URI": "http://mcp.example.com"}, "must start with https://"),
        ({"MCP_AUTH_RESOURCE_URI": None, "MCP_HTTP_PORT": "0"}, "needs MCP_AUTH_RESOURCE_URI"),
        ({"MCP_AUTH_SERVERS": '["http://auth.example.com"]'}, "MCP_AUTH_SERVERS: every server needs an issuer"),
        ({"MCP_AUTH_SERVERS": '[{"tokenEndpoint": "https://x"}]'}, "MCP_AUTH_SERVERS: every server needs an issuer"),
        ({"MCP_AUTH_JWT_ALGORITHMS": "RS256,HS256"}, "is not algorithms among RS256"),
        ({"MCP_AUTH_JWT_ALGORITHMS": "none"}, "is not algorithms among RS256"),
        ({**INTROSPECTION, "MCP_AUTH_INTROSPECTION_CLIENT_SECRET": None}, "needs MCP_AUTH_INTROSPECTION_CLIENT_SECRET"),
        ({**INTROSPECTION, "MCP_AUTH_INTROSPECTION_ENDPOINT": "http://auth.example.com/i"}, "must start with https://"),
        ({"GAUZY_IDENTITY_MODE": "shared", "API_BASE_URL": "https://gauzy.example"}, "needs GAUZY_AUTH_EMAIL"),
    ],
)  # fmt: skip
def test_what_is_missing_or_unsafe_is_told(changes: dict[str, Any], told: str) -> None:
    (problem,) = problems(**changed(**changes))
    assert told in problem


def test_automatic_login_under_oauth_wants_to_know_for_whom() -> None:
    (problem,) = problems(**GOOD, GAUZY_AUTO_LOGIN="true")
    assert "GAUZY_IDENTITY_MODE=shared" in problem and "GAUZY_IDENTITY_MODE=per_user" in problem
    for mode in ("shared", "per_user"):
        environment(**GOOD, GAUZY_AUTO_LOGIN="true", GAUZY_IDENTITY_MODE=mode)


def test_production_wants_authentication_a_name_and_named_origins() -> None:
    production = changed(
        MCP_ENV="production",
        API_BASE_URL="https://gauzy.example",
        MCP_SECRET_KEY="8f41c0b7d92e6a53f7104bc86de2953a0c7be415f83d926a4e51b0c7d8f29a36",
    )
    environment(**production)
    for name in ("MCP_CORS_ORIGIN", "MCP_WS_ALLOWED_ORIGINS"):
        assert f"needs the origins of {name} by name" in problems(**production, **{name: "*"})[0]
    without = {name: value for name, value in production.items() if not name.startswith("MCP_AUTH_")}
    assert any("needs authentication" in problem for problem in problems(**without))


@pytest.mark.parametrize("pem", ["not a key", "-----BEGIN PUBLIC KEY-----\\nAAAA\\n-----END PUBLIC KEY-----"])
def test_a_public_key_that_is_none_stops_the_start(pem: str) -> None:
    done = manage("runmcp", **changed(MCP_AUTH_JWT_JWKS_URI=None, MCP_AUTH_JWT_PUBLIC_KEY=pem))
    assert done.returncode == 2
    assert "MCP_AUTH_JWT_PUBLIC_KEY: the value given is not a PEM public key" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_public_key_that_is_too_short_stops_the_start() -> None:
    short = Pair.make("RS256", "x", bits=1024).pem.replace("\n", "\\n")
    done = manage("runmcp", **changed(MCP_AUTH_JWT_JWKS_URI=None, MCP_AUTH_JWT_PUBLIC_KEY=short))
    assert done.returncode == 2 and "at least 2048 bits" in done.stderr


def test_an_address_of_the_network_needs_authentication() -> None:
    done = manage("runmcp", MCP_TRANSPORT="http", MCP_HTTP_HOST="0.0.0.0", MCP_HTTP_PORT="0")
    assert done.returncode == 2 and "without authentication" in done.stderr


def test_with_authentication_it_is_served(issuer: StandIn) -> None:
    with opened(issuer.environment(MCP_HTTP_HOST="0.0.0.0", MCP_TRANSPORT="http")) as (running, _):
        port = running.urls["HTTP"].rpartition(":")[2].partition("/")[0]
        assert httpx.post(f"http://127.0.0.1:{port}/sse", json={}).status_code == 401


def test_stdio_asks_nobody_for_a_token(issuer: StandIn) -> None:
    """Its process belongs to whoever started it; tokens are for HTTP (2025-11-25 page basic/authorization)."""
    with Stdio(issuer.environment()) as process:
        listed = process.ask("tools/list")["result"]["tools"]
        assert {"login", "create_task"} <= {tool["name"] for tool in listed}
        made = process.ask("tools/call", {"name": "create_task", "arguments": {"title": "x"}}, 2)
        assert not made["result"].get("isError")
