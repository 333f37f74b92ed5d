"""Access tokens outlive a restart, keys are sealed, and a changed root secret costs nothing but a new key."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.places import base_of, embedded
from tests.oauth.server.using import status_of
from tests.processes import Server


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_a_restart_keeps_tokens_and_a_new_secret_keeps_the_keys_that_verify(tmp_path: Path, algorithm: str) -> None:
    port = {"MCP_AUTH_JWT_ALGORITHMS": algorithm}
    with embedded(str(tmp_path), **port) as first, Person(first) as person:
        person.sign_in()
        client = OAuthClient.registered(person.base)
        tokens = client.tokens(person)
        token = tokens["access_token"]
        verify(first, token, algorithm)
        address = person.base
    stored = b"".join(one.read_bytes() for one in tmp_path.glob("gauzy-mcp.sqlite3*"))
    for secret in (token, tokens["refresh_token"], '"d"', client.verifier):
        assert secret.encode() not in stored
    same = {**port, "MCP_AUTH_RESOURCE_URI": address, "MCP_HTTP_PORT": address.rpartition(":")[2]}
    with embedded(str(tmp_path), **same) as again:
        assert status_of(again.http, token) == 200
        assert client.refresh(tokens["refresh_token"]).status_code == 200
    with embedded(str(tmp_path), **same, MCP_SECRET_KEY="another-root-secret-" * 3) as changed:
        with Person(changed) as person:
            person.sign_in()
            newer = OAuthClient.registered(person.base).tokens(person)["access_token"]
        verify(changed, newer, algorithm)
        assert len(httpx.get(f"{changed.http}/oauth/jwks").json()["keys"]) == 2
        assert "the signing key does not open" in changed.logged() and "Traceback" not in changed.logged()


def test_the_published_keys_are_public(place: Server) -> None:
    keys = httpx.get(f"{base_of(place)}/oauth/jwks").json()["keys"]
    assert keys, "there is one to look at"
    for key in keys:
        assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & key.keys()
        assert key["use"] == "sig" and key["kid"] and key["alg"] in ("RS256", "ES256")


def test_a_retired_key_verifies_for_an_hour_and_then_goes(place: Server, home: Path) -> None:
    before = httpx.get(f"{base_of(place)}/oauth/jwks").json()["keys"]
    with sqlite3.connect(home / "gauzy-mcp.sqlite3", timeout=20) as database:
        database.execute(
            "INSERT INTO authorization_signingkey (kid, algorithm, public, sealed, created, retired) SELECT "
            "'long-retired', algorithm, public, sealed, created, datetime('now', '-61 minutes') "
            "FROM authorization_signingkey LIMIT 1"
        )
    assert httpx.get(f"{base_of(place)}/oauth/jwks").json()["keys"] == before


def verify(place: Server, token: str, algorithm: str) -> None:
    """As another resource server would: with what is published."""
    keys = KeySet.import_key_set(httpx.get(f"{place.http}/oauth/jwks").json())
    assert jwt.decode(token, keys, algorithms=[algorithm]).claims["scope"] == "mcp.read mcp.write"
