"""Refusals as HTTP says them: status, ``WWW-Authenticate`` (RFC 6750 section 3, RFC 9728 section 5.1) and JSON body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from oauth_resource.resource.errors import InvalidToken, IssuerUnavailable, Malformed, NotAuthenticated
from oauth_resource.resource.metadata import Resource

RETRY_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Challenge:
    """Status, JSON body and headers of a refusal."""

    status: int
    body: dict[str, str]
    headers: dict[str, str]


def challenge(resource: Resource, path: str, error: NotAuthenticated) -> Challenge:
    """What the caller is told. Why its token was refused is for the log alone."""
    if isinstance(error, IssuerUnavailable):
        body = {
            "error": "temporarily_unavailable",
            "error_description": "The authorization server does not answer; the token could not be checked",
        }
        return Challenge(503, body, {"Retry-After": str(RETRY_SECONDS)})
    if isinstance(error, Malformed):
        return _refusal(400, resource, path, "invalid_request", "Send one Authorization: Bearer header with one token")
    if isinstance(error, InvalidToken):
        return _refusal(401, resource, path, "invalid_token", "Token validation failed")
    # RFC 6750 section 3.1: who presented nothing made no error, so the header names none.
    told = {"error": "invalid_token", "error_description": "Authorization required", "scope": resource.authenticator}
    return Challenge(401, told, _header(resource, path, {"scope": resource.authenticator}))


def insufficient_scope(resource: Resource, path: str, scope: str) -> Challenge:
    """403 that names every scope that the request needs, so that one step up is enough."""
    told = "Request requires higher privileges than provided"
    return _refusal(403, resource, path, "insufficient_scope", told, scope)


def _refusal(
    status: int, resource: Resource, path: str, error: str, description: str, scope: str | None = None
) -> Challenge:
    told = {"error": error, "error_description": description, "scope": scope or resource.authenticator}
    return Challenge(status, told, _header(resource, path, told))


def _header(resource: Resource, path: str, parameters: dict[str, str]) -> dict[str, str]:
    shown = {"resource_metadata": resource.metadata_url(path), **parameters}
    return {"WWW-Authenticate": "Bearer " + ", ".join(f'{name}="{_quoted(value)}"' for name, value in shown.items())}


def _quoted(value: str) -> str:
    """A quoted-string of RFC 9110 section 5.6.4, of visible ASCII alone."""
    plain = "".join(character if " " <= character <= "~" else "?" for character in value)
    return plain.replace("\\", "\\\\").replace('"', '\\"')
