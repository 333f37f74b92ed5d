"""Access tokens as five kinds of servers issue them, and their ID tokens, which open nothing.

Where a shape comes from is said at each: claims that somebody recorded from a running server, or those that the maker
documents. Values are made up, and audience and scopes are those of this server. None was issued by a server here.
"""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from tests.oauth.knocking import call, is_refused, knock, opened
from tests.oauth.stand_in import RESOURCE, StandIn

UUID = "8d0c4bd5-9a0f-4f0c-9f5b-6d2f9a7f1e11"


def keycloak(**changes: Any) -> dict[str, Any]:
    """Recorded: gist.github.com/phacman/bd288c7abac1d3fc1694b7e191e27e4c (2023, with ``session_state``) and
    tomcatdevs.blogspot.com/2026/06/get-keycloak-auth-access-token.html (``jti`` with a prefix, of a client itself)."""
    return {
        "auth_time": int(time.time()), "jti": f"onrtac:{UUID}", "aud": [RESOURCE, "account"], "sub": UUID,
        "typ": "Bearer", "azp": "mcp-client", "sid": UUID, "acr": "1", "allowed-origins": ["https://app.example.com"],
        "realm_access": {"roles": ["offline_access", "uma_authorization"]},
        "resource_access": {"account": {"roles": ["manage-account", "view-profile"]}},
        "scope": "openid profile email mcp.read mcp.write", "email_verified": True, "name": "Ada Lovelace",
        "preferred_username": "ada", "given_name": "Ada", "family_name": "Lovelace", "email": "ada@example.com",
        **changes,
    }  # fmt: skip


def auth0(**changes: Any) -> dict[str, Any]:
    """Documented: auth0.com/docs/secure/tokens/access-tokens/access-token-profiles, of both profiles."""
    return {
        "sub": "auth0|6552a1c5e3d0f7c8b9a01234", "aud": [RESOURCE, "https://tenant.eu.auth0.com/userinfo"],
        "scope": "openid profile mcp.read mcp.write offline_access", "azp": "AbCdEfGhIjKlMnOpQrStUvWxYz012345",
        "permissions": ["mcp.read", "mcp.write"], **changes,
    }  # fmt: skip


def cognito(**changes: Any) -> dict[str, Any]:
    """Documented: Amazon Cognito developer guide, page amazon-cognito-user-pools-using-the-access-token, whose example
    is a decoded token; ``aud`` with resource binding as on that page."""
    return {
        "sub": UUID, "cognito:groups": ["admins"], "version": 2, "client_id": "3f0example9clientid",
        "origin_jti": UUID, "event_id": UUID, "token_use": "access", "auth_time": int(time.time()), "jti": UUID,
        "scope": f"openid {RESOURCE}/mcp.read {RESOURCE}/mcp.write", "username": "ada", **changes,
    }  # fmt: skip


def gauzy(**changes: Any) -> dict[str, Any]:
    """Read in the source of Gauzy's ``packages/auth``: what its token manager puts in."""
    now = int(time.time())
    return {
        "sub": UUID, "aud": RESOURCE, "nbf": now - 30, "jti": UUID, "client_id": f"mcp_{'0a' * 16}",
        "scope": "mcp.read mcp.write", "token_type": "access_token", **changes,
    }  # fmt: skip


def plain(**changes: Any) -> dict[str, Any]:
    """RFC 9068 section 2.2; what oidc-provider issues is tested with that server itself."""
    return {
        "sub": "ada",
        "aud": RESOURCE,
        "jti": UUID,
        "client_id": "cli",
        "scope": "mcp.write",
        **changes,
    }


SHAPES = {
    "keycloak": ("RS256", "JWT", keycloak()),
    "keycloak before 25, with a nonce": ("RS256", "JWT", keycloak(nonce="n-0S6_WzA2Mj")),
    "keycloak before 24": ("RS256", "JWT", keycloak(session_state=UUID, jti=UUID)),
    "keycloak for a client itself": ("RS256", "JWT", keycloak(
        client_id="mcp-client", sid=None, jti=f"trtcc:{UUID}", clientHost="10.0.0.7", clientAddress="10.0.0.7",
        preferred_username="service-account-mcp-client", name=None, email=None, auth_time=None,
    )),
    "auth0, rfc9068": ("RS256", "at+jwt", auth0(client_id="AbCdEfGhIjKlMnOpQrStUvWxYz012345", azp=None, jti=UUID)),
    "auth0, its own dialect": ("RS256", "JWT", auth0()),
    "auth0 for a client itself": ("RS256", "JWT", auth0(sub="AbCdEf@clients", gty="client-credentials")),
    "cognito with resource binding": ("RS256", None, cognito(aud=RESOURCE)),
    "gauzy auth": ("RS256", "JWT", gauzy()),
    "gauzy auth for a client itself": ("RS256", "JWT", gauzy(sub=f"mcp_{'0a' * 16}", token_use="client_credentials")),
    "a plain server": ("ES256", "at+jwt", plain()),
    "a plain server with a list of scopes": ("PS256", "application/at+jwt", plain(scope=["mcp.read", "mcp.write"])),
}  # fmt: skip

NO_ACCESS_TOKENS = {
    "keycloak id": keycloak(typ="ID", aud="mcp-client", at_hash="x", scope=None),
    "keycloak id for us": keycloak(typ="ID"),
    "keycloak refresh": keycloak(typ="Refresh"),
    "keycloak offline": keycloak(typ="Offline"),
    "auth0 id": auth0(aud="AbCdEfGhIjKlMnOpQrStUvWxYz012345", nonce="n", scope=None),
    "auth0 id for us": auth0(nonce="n"),
    "auth0 without an audience": auth0(aud="https://tenant.eu.auth0.com/userinfo"),
    "cognito id": cognito(token_use="id", aud="3f0example9clientid"),
    "cognito without resource binding": cognito(),
    "gauzy refresh": gauzy(token_type="refresh_token"),
    "gauzy with its fixed audience": gauzy(aud="https://mcp.gauzy.co"),
    "gauzy login": {"id": UUID, "tenantId": UUID, "role": "ADMIN"},
}


def as_issued(issuer: StandIn, alg: str, kind: str | None, claims: dict[str, Any]) -> str:
    present = {name: value for name, value in claims.items() if value is not None}
    # The shapes are made when the tests are collected, which may be long ago.
    now = int(time.time())
    claims = {"iss": issuer.issuer, "iat": now, "exp": now + 300, **present}
    return issuer.signed(claims, alg, header={"typ": kind})


@pytest.mark.parametrize("name", SHAPES)
def test_it_opens_and_its_scopes_are_found(client: httpx.Client, issuer: StandIn, name: str) -> None:
    alg, kind, claims = SHAPES[name]
    token = as_issued(issuer, alg, kind, claims)
    assert not call(client, token, "create_task", {"title": "Known by its token"}).get("isError")


@pytest.mark.parametrize("name", NO_ACCESS_TOKENS)
def test_it_does_not_open(client: httpx.Client, issuer: StandIn, name: str) -> None:
    assert is_refused(knock(client, as_issued(issuer, "RS256", "JWT", NO_ACCESS_TOKENS[name])))


def test_cognito_without_resource_binding_is_bound_by_its_client(issuer: StandIn) -> None:
    """Such a token names no audience; MCP_AUTH_JWT_AUDIENCE then is the id of the app client."""
    with opened(issuer.environment(MCP_AUTH_JWT_AUDIENCE="3f0example9clientid")) as (_, client):
        scopes = "openid mcp/mcp.read mcp.read"
        assert knock(client, as_issued(issuer, "RS256", None, cognito(scope=scopes))).status_code == 200
        assert is_refused(knock(client, as_issued(issuer, "RS256", None, cognito(client_id="another"))))
        assert is_refused(knock(client, as_issued(issuer, "RS256", None, cognito(token_use="id", scope=scopes))))


def test_the_trailing_slash_of_auth0_is_part_of_the_issuer(issuer: StandIn) -> None:
    slashed = f"{issuer.issuer}/"
    with opened(issuer.environment(MCP_AUTH_JWT_ISSUER=slashed)) as (_, client):
        assert knock(client, issuer.token(iss=slashed)).status_code == 200
        assert is_refused(knock(client, issuer.token()))
        document = client.get("/.well-known/oauth-protected-resource").json()
        assert document["authorization_servers"] == [slashed]
