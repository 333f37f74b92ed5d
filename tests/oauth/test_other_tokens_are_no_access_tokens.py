"""Attack group 18: ID, refresh, logout and sender-constrained tokens, all signed by the right key."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.oauth.knocking import is_refused, knock, opened
from tests.oauth.stand_in import StandIn


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "n-1"}, {"at_hash": "x"}, {"c_hash": "x"}, {"token_use": "id"}, {"token_use": "refresh"},
        {"typ": "ID"}, {"typ": "Refresh"}, {"typ": "Offline"}, {"typ": "Logout"}, {"token_type": "refresh_token"},
        {"token_type": "DPoP"}, {"events": {"http://schemas.openid.net/event/backchannel-logout": {}}},
        {"cnf": {"jkt": "x"}}, {"cnf": {"x5t#S256": "x"}}, {"typ": "Bearer", "at_hash": "x"},
    ],
)  # fmt: skip
def test_group_18_claims_that_give_another_token_away(
    client: httpx.Client, issuer: StandIn, claims: dict[str, Any]
) -> None:
    assert is_refused(knock(client, issuer.token(header={"typ": "JWT"}, **claims)))


@pytest.mark.parametrize(
    "kind", ["dpop+jwt", "logout+jwt", "secevent+jwt", "id+jwt", "rt+jwt", 1, ["at+jwt"], {"at+jwt": 1}, "at+jwt "]
)  # fmt: skip
def test_group_18_types_that_are_another(client: httpx.Client, issuer: StandIn, kind: Any) -> None:
    assert is_refused(knock(client, issuer.token(header={"typ": kind})))


@pytest.mark.parametrize("kind", ["at+jwt", "AT+JWT", "application/at+jwt", "JWT", "jwt", None])
def test_group_18_types_of_access_tokens(client: httpx.Client, issuer: StandIn, kind: Any) -> None:
    """``typ: JWT``, and none at all, is what Keycloak, Auth0 and Cognito send."""
    assert knock(client, issuer.token(header={"typ": kind})).status_code == 200


def test_group_18_the_type_of_rfc_9068_can_be_demanded(issuer: StandIn) -> None:
    with opened(issuer.environment(MCP_AUTH_REQUIRE_AT_JWT="true")) as (_, client):
        assert knock(client, issuer.token()).status_code == 200
        for kind in ("JWT", None):
            assert is_refused(knock(client, issuer.token(header={"typ": kind})))
