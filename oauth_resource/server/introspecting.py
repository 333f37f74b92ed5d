"""What introspection says of a token (RFC 7662), and who may ask."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from oauth2_provider.models import AbstractApplication, get_access_token_model, get_refresh_token_model
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749 import errors

from oauth_resource.server.core import Core
from oauth_resource.server.running import running
from oauth_resource.server.validator import account_of, digest, scope_of

INACTIVE = {"active": False}


def check_client(core: Core, request: HttpRequest) -> None:
    """Only confidential clients that an operator made may ask: others would learn of tokens that are not theirs.

    Raises InvalidClientError.
    """
    uri, method, body, headers = core._extract_params(request)
    asked = Request(uri, method, body, headers)
    if not core.server.request_validator.authenticate_client(asked) or not _admitted(asked.client):
        raise errors.InvalidClientError(description="introspection is for clients that an operator registered")


def claims(token: str) -> dict[str, Any]:
    """RFC 7662 section 2.2 for an access or refresh token of ours; anything else is not active."""
    checksum = digest(token)
    access = get_access_token_model().objects.filter(token_checksum=checksum, expires__gt=timezone.now())
    refresh = get_refresh_token_model().objects.filter(token_checksum=checksum, revoked__isnull=True)
    for kind, rows in (("access_token", access), ("refresh_token", refresh)):
        row = rows.select_related("user__gauzy", "application").filter(user__is_active=True).first()
        if row is not None:
            return _of(row, kind)
    return INACTIVE


def _of(row: Any, kind: str) -> dict[str, Any]:
    """The members of an active token. Only an access token has an audience: a refresh token is for this server, and a
    resource server that is given one must not mistake it for a bearer token."""
    members = {
        "active": True,
        "iss": running().issuer.url,
        "sub": str(account_of(row.user).subject),
        "client_id": row.application.client_id,
        "iat": int(row.created.timestamp()),
    }
    if kind == "refresh_token":
        return {**members, "token_type": kind, "scope": scope_of(row)}
    expires = int(row.expires.timestamp())
    return {**members, "token_type": "Bearer", "aud": row.resource, "scope": row.scope, "exp": expires}


def _admitted(client: Any) -> bool:
    return bool(
        client.client_type == AbstractApplication.CLIENT_CONFIDENTIAL
        and client.registration_source == AbstractApplication.RegistrationSource.MANUAL
    )
