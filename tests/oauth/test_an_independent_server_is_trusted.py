"""A real authorization server from elsewhere: its tokens open, changed ones do not, and it may rotate or go away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oauth.knocking import call, is_refused, knock, opened
from tests.oauth.peer import authorization_server
from tests.oauth.stand_in import RESOURCE


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "PS256"])
def test_its_tokens_open_and_changed_ones_do_not(oauth_modules: Path, algorithm: str) -> None:
    with (
        authorization_server(oauth_modules, RESOURCE, ALGORITHM=algorithm) as peer,
        opened(peer.environment(RESOURCE, MCP_AUTH_REQUIRE_AT_JWT="true")) as (_, client),
    ):
        for resource in (RESOURCE, f"{RESOURCE}/mcp"):
            token = peer.machine_token(resource)
            assert not call(client, token, "get_projects").get("isError")
        head, body, signature = token.split(".")
        changed = [
            f"{head}.{body}.{signature[:-8]}AAAAAAAA", f"{head}.{body[:-4]}AAAA.{signature}",
            f"{head}.{peer.machine_token(RESOURCE, 'mcp.admin').split('.')[1]}.{signature}", f"{head}.{body}.{head}",
        ]  # fmt: skip
        for token in changed:
            assert is_refused(knock(client, token))


def test_another_servers_tokens_do_not_open(oauth_modules: Path) -> None:
    with (
        authorization_server(oauth_modules, RESOURCE) as peer,
        authorization_server(oauth_modules, RESOURCE) as stranger,
        opened(peer.environment(RESOURCE)) as (_, client),
    ):
        assert knock(client, peer.machine_token(RESOURCE)).status_code == 200
        assert is_refused(knock(client, stranger.machine_token(RESOURCE)))


def test_opaque_tokens_are_introspected_and_revoked(oauth_modules: Path) -> None:
    with authorization_server(oauth_modules, RESOURCE, FORMAT="opaque") as peer:
        environment = peer.environment(
            RESOURCE,
            MCP_AUTH_INTROSPECTION_ENDPOINT=f"{peer.issuer}/token/introspection",
            MCP_AUTH_INTROSPECTION_CLIENT_ID="resource-server",
            MCP_AUTH_INTROSPECTION_CLIENT_SECRET="resource-secret",
            MCP_AUTH_TOKEN_CACHE_TTL="0",
        )
        with opened(environment) as (_, client):
            token = peer.machine_token(RESOURCE)
            assert "." not in token
            assert not call(client, token, "get_projects").get("isError")
            assert call(client, token, "get_auth_status")["structuredContent"]["authenticated"] is True
            peer.revoke(token)
            assert is_refused(knock(client, token))
