"""MCP_AUTH_SERVERS as whole objects: what they say is checked, and serves where a variable is unset."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.env.loads import environment, loaded, problems
from tests.oauth.knocking import GOOD, is_refused, knock, opened
from tests.oauth.stand_in import CLIENT, SECRET, StandIn

ISSUER = GOOD["MCP_AUTH_JWT_ISSUER"]
CREDENTIALS = {"MCP_AUTH_INTROSPECTION_CLIENT_ID": CLIENT, "MCP_AUTH_INTROSPECTION_CLIENT_SECRET": SECRET}


def listing(*servers: Any) -> str:
    return json.dumps(servers)


def described(**members: Any) -> dict[str, str]:
    return {**GOOD, "MCP_AUTH_SERVERS": listing({"issuer": ISSUER, **members})}


def without(environment: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name not in names}


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"tokenEndpoint": "http://auth.example.com/token"}, "tokenEndpoint=http://auth.example.com/token must start"),
        ({"tokenEndpoint": 5}, "tokenEndpoint must be a URL"),
        ({"token_endpoint": "auth.example.com"}, "token_endpoint must be a URL"),
        ({"jwksUri": "https://us:pw@auth.example.com/jwks"}, "jwksUri must be a URL without user"),
        ({"jwksUri": "https://[::1/jwks"}, "jwksUri must be a URL"),
        ({"jwksUri": "https://x/1", "jwks_uri": "https://x/2"}, "jwksUri and another spelling of it"),
        ({"scopesSupported": "mcp.read"}, "scopesSupported must be a list of texts"),
        ({"grantTypesSupported": [1]}, "grantTypesSupported must be a list of texts"),
        ({"clientIdMetadataDocumentSupported": "yes"}, "clientIdMetadataDocumentSupported must be true or false"),
    ],
)  # fmt: skip
def test_a_member_of_the_wrong_shape_stops_the_start_and_is_named(members: dict[str, Any], told: str) -> None:
    found = problems(**described(**members))
    assert all(problem.startswith("MCP_AUTH_SERVERS: ") and f"({ISSUER})" in problem for problem in found)
    assert any(told in problem for problem in found), found


@pytest.mark.parametrize(
    ("servers", "told"),
    [
        ([ISSUER, ISSUER], "is listed twice"),
        ([f"{ISSUER}?a=b"], "must have no ? and no #"),
        ([f"{ISSUER}#a"], "must have no ? and no #"),
        (["https://"], "every server needs an issuer"),
        ([{"issuer": ["https://a.example.com"]}], "every server needs an issuer"),
    ],
)  # fmt: skip
def test_an_issuer_that_is_none_stops_the_start(servers: list[Any], told: str) -> None:
    (problem,) = problems(**{**GOOD, "MCP_AUTH_SERVERS": listing(*servers)})
    assert told in problem


@pytest.mark.parametrize(
    ("servers", "told"),
    [
        ([ISSUER, "https://b.example.com"], "may go to https://b.example.com for tokens, which are refused"),
        ([f"{ISSUER}/"], f"does not list {ISSUER} (MCP_AUTH_JWT_ISSUER)"),
        ([{"issuer": ISSUER, "tokenEndpiont": "https://x"}], "tokenEndpiont is no member that this server knows"),
        ([{"issuer": ISSUER, "codeChallengeMethodsSupported": ["plain"]}], "without S256"),
        ([{"issuer": ISSUER, "scopesSupported": ["openid"]}], "without mcp.read of MCP_AUTH_REQUIRED_SCOPES"),
    ],
)  # fmt: skip
def test_what_is_probably_not_meant_is_warned_of(servers: list[Any], told: str) -> None:
    started = loaded(**GOOD, MCP_AUTH_REQUIRED_SCOPES="mcp.read", MCP_AUTH_SERVERS=listing(*servers))
    assert any("MCP_AUTH_SERVERS" in warning and told in warning for warning in started.warnings), started.warnings


def test_what_fits_is_not_warned_of() -> None:
    document = {
        "token_endpoint": "http://localhost:9000/token", "scopesSupported": ["mcp.read", "mcp.write"],
        "code_challenge_methods_supported": ["S256"], "authorization_response_iss_parameter_supported": True,
    }  # fmt: skip
    assert not any("MCP_AUTH_SERVERS" in warning for warning in loaded(**described(**document)).warnings)


def test_its_endpoints_serve_where_the_variables_are_unset() -> None:
    members = {"jwksUri": "https://auth.example.com/keys", "introspection_endpoint": "https://auth.example.com/tell"}
    told = without(described(**members), "MCP_AUTH_JWT_JWKS_URI")
    assert environment(**told).jwks_uri == members["jwksUri"]
    assert environment(**told).introspection_endpoint is None, "nothing asks there without credentials"
    assert environment(**told, **CREDENTIALS).introspection_endpoint == members["introspection_endpoint"]
    assert environment(**described(**members)).jwks_uri == GOOD["MCP_AUTH_JWT_JWKS_URI"], "a variable wins"


def test_only_the_description_of_the_accepted_issuer_counts() -> None:
    other = {"issuer": "https://b.example.com", "jwksUri": "https://b.example.com/keys"}
    told = {**without(GOOD, "MCP_AUTH_JWT_JWKS_URI"), "MCP_AUTH_SERVERS": listing(other)}
    (problem,) = problems(**told)
    assert "needs something to check access tokens with" in problem
    (problem,) = problems(**told, **CREDENTIALS)[1:]
    assert "nothing says where to introspect" in problem


def test_a_server_checks_tokens_by_the_description_alone(issuer: StandIn) -> None:
    document = {
        "issuer": issuer.issuer,
        "jwksUri": f"{issuer.url}/jwks",
        "introspectionEndpoint": f"{issuer.url}/introspect",
    }
    told = {**without(issuer.environment(), "MCP_AUTH_JWT_JWKS_URI"), "MCP_AUTH_SERVERS": listing(document)}
    with opened({**told, **CREDENTIALS}) as (_, client):
        good, revoked = issuer.token(), issuer.token()
        issuer.active[good] = {"active": True, "sub": "alice"}
        assert knock(client, good).status_code == 200
        assert is_refused(knock(client, revoked)), "the endpoint is asked too"
