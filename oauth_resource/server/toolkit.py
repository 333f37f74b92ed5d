"""The settings of django-oauth-toolkit for this server: strict where it asks, off where this server has its own."""

from __future__ import annotations

import ipaddress
from collections.abc import Container
from typing import Any, Final

from oauth_resource.server.issuer import METHODS, SCOPES

ACCESS_SECONDS: Final = 600
"""Life of an access token."""

REFRESH_SECONDS: Final = 30 * 86_400
"""How long a client stays connected without being used."""

SCHEMES: Final = ("https", "http", "cursor", "vscode", "vscode-insiders")
"""Schemes of redirect addresses; http is held to loopback by our own rules."""


class _Loopback(Container[object]):
    """``localhost``, all of 127.0.0.0/8 and ``::1``."""

    def __contains__(self, host: object) -> bool:
        try:
            return host == "localhost" or ipaddress.ip_address(str(host)).is_loopback
        except ValueError:
            return False


LOOPBACK: Final = _Loopback()
"""Hosts that are the person's own machine (RFC 8252 section 7.3)."""

_STRICT: Final = (
    "IMPLICIT_GRANT", "PASSWORD_GRANT", "PKCE_METHOD", "ACCESS_TOKEN_TRANSPORT", "AUTHZ_RESPONSE_ISS", "TOKEN_STORAGE",
    "REFRESH_TOKEN", "REDIRECT_URI_MATCHING", "PKCE_REQUIRED",
)  # fmt: skip


def settings(issuer: str) -> dict[str, Any]:
    """OAUTH2_PROVIDER of Django's settings."""
    return {
        # Without implicit, password and client credentials grants.
        "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.WebApplicationServer",
        "OAUTH2_VALIDATOR_CLASS": "oauth_resource.server.validator.Validator",
        "OAUTH2_BACKEND_CLASS": "oauth_resource.server.core.Core",
        "ACCESS_TOKEN_GENERATOR": "oauth_resource.server.tokens.access_token",
        "REFRESH_TOKEN_GENERATOR": "oauth_resource.server.tokens.refresh_token",
        "ACCESS_TOKEN_EXPIRE_SECONDS": ACCESS_SECONDS,
        "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
        "REFRESH_TOKEN_EXPIRE_SECONDS": REFRESH_SECONDS,
        "REFRESH_TOKEN_REUSE_PROTECTION": True,
        "SCOPES": dict(SCOPES),
        "ALLOWED_REDIRECT_URI_SCHEMES": list(SCHEMES),
        "ALLOW_LOCALHOST_LOOPBACK": True,
        "OIDC_ISS_ENDPOINT": issuer,
        "CIMD_ENABLED": True,
        "CIMD_METADATA_FETCHER": "oauth_resource.server.documents.Documents",
        "OAUTH2_TOKEN_ENDPOINT_AUTH_METHODS_SUPPORTED": list(METHODS),
        **{f"COMPLIANT_BCP_RFC9700_{rule}": True for rule in _STRICT},
    }
