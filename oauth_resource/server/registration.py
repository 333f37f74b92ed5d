"""``POST /oauth/register``: clients that make themselves known (RFC 7591). They are never asked for a token to do so,
and given none to change what they said: who wants something else registers again."""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.models import AbstractApplication, get_application_model

from oauth_resource.server.core import MAX_BYTES, open_to_all, preflight
from oauth_resource.server.endpoints import away, too_many
from oauth_resource.server.issuer import METHODS, SCOPES
from oauth_resource.server.redirects import problem
from oauth_resource.server.running import Busy, running
from oauth_resource.server.unused import make_room
from oauth_resource.server.validator import kept_secret

log = logging.getLogger("gauzy_mcp.audit")

MOST_URIS: Final = 10
LONGEST_NAME: Final = 255
GRANTS: Final = ("authorization_code", "refresh_token")


class Invalid(Exception):
    """A registration that cannot be (RFC 7591 section 3.2.2); the message names the member and what it should be."""

    def __init__(self, description: str, error: str = "invalid_client_metadata") -> None:
        super().__init__(description)
        self.error = error


@dataclass(frozen=True, slots=True)
class Metadata:
    """What of a registration counts here; everything else is ignored (RFC 7591 section 2)."""

    name: str
    redirect_uris: tuple[str, ...]
    method: str
    grants: tuple[str, ...]


@csrf_exempt
async def register(request: HttpRequest) -> HttpResponse:
    """201 with the client's metadata, or 400 with ``error`` and ``error_description``."""
    if request.method == "OPTIONS":
        return preflight("POST, OPTIONS")
    if request.method != "POST":
        return open_to_all(HttpResponse(status=405, headers={"Allow": "POST, OPTIONS"}))
    try:
        await running().brakes.register(request)
        body = await sync_to_async(_registered)(read(_object(request)))
        response: HttpResponse = JsonResponse(body, status=201)
    except Invalid as error:
        response = JsonResponse({"error": error.error, "error_description": str(error)}, status=400)
    except Busy as busy:
        response = too_many(busy)
    except DatabaseError as error:
        response = away(error)
    return open_to_all(response)


def read(given: Mapping[str, Any]) -> Metadata:
    """The metadata of RFC 7591 section 2 that this server knows. Raises Invalid."""
    method = _text(given, "token_endpoint_auth_method", "client_secret_basic")
    if method not in METHODS:
        raise Invalid(f"token_endpoint_auth_method must be one of {', '.join(METHODS)}")
    # Some clients list every grant that they know; what this server has not is none of theirs here.
    grants = tuple(grant for grant in GRANTS if grant in _texts(given, "grant_types", ["authorization_code"]))
    if "authorization_code" not in grants:
        raise Invalid("grant_types must contain authorization_code")
    if "code" not in _texts(given, "response_types", ["code"]):
        raise Invalid("response_types must contain code")
    return Metadata(_text(given, "client_name", "")[:LONGEST_NAME], redirect_uris(given), method, grants)


def redirect_uris(given: Mapping[str, Any]) -> tuple[str, ...]:
    """Where the client may be answered. Raises Invalid."""
    uris = _texts(given, "redirect_uris", [])
    if not 0 < len(uris) <= MOST_URIS:
        raise Invalid(f"redirect_uris must have 1 to {MOST_URIS} entries", "invalid_redirect_uri")
    for uri in uris:
        if wrong := problem(uri):
            raise Invalid(f"redirect_uris: {uri[:100]!r} {wrong}", "invalid_redirect_uri")
    return tuple(dict.fromkeys(uris))


def _registered(metadata: Metadata) -> dict[str, Any]:
    make_room()
    public = metadata.method == "none"
    secret = "" if public else secrets.token_urlsafe(32)
    client = get_application_model()(
        name=metadata.name,
        redirect_uris=" ".join(metadata.redirect_uris),
        client_type=AbstractApplication.CLIENT_PUBLIC if public else AbstractApplication.CLIENT_CONFIDENTIAL,
        client_secret=kept_secret(secret or secrets.token_urlsafe(32)),
        hash_client_secret=False,
        authorization_grant_type=AbstractApplication.GRANT_AUTHORIZATION_CODE,
        registration_source=AbstractApplication.RegistrationSource.DCR,
    )
    client.save(force_insert=True)
    log.info(
        "client registered client=%s name=%.60r redirects=%d",
        client.client_id,
        client.name,
        len(metadata.redirect_uris),
    )
    body = {
        "client_id": client.client_id,
        "client_id_issued_at": int(time.time()),
        "client_name": metadata.name,
        "redirect_uris": list(metadata.redirect_uris),
        "grant_types": list(metadata.grants),
        "response_types": ["code"],
        "token_endpoint_auth_method": metadata.method,
        # Not what the client asked for: it may step up to any of these later.
        "scope": " ".join(SCOPES),
    }
    return body if public else {**body, "client_secret": secret, "client_secret_expires_at": 0}


def _object(request: HttpRequest) -> dict[str, Any]:
    too_long = Invalid(f"the request must not be longer than {MAX_BYTES} bytes")
    try:
        body = request.body
    except RequestDataTooBig:
        raise too_long from None
    if len(body) > MAX_BYTES:
        raise too_long
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise Invalid("the request must be JSON (RFC 8259)") from None
    if not isinstance(given, dict):
        raise Invalid("the request must be a JSON object")
    return given


def _text(given: Mapping[str, Any], name: str, default: str) -> str:
    value = given.get(name, default)
    if not isinstance(value, str) or "\x00" in value or _lone_surrogate(value):
        raise Invalid(f"{name} must be a text")
    return value


def _texts(given: Mapping[str, Any], name: str, default: list[str]) -> list[str]:
    value = given.get(name, default)
    if not isinstance(value, list) or not all(isinstance(one, str) and not _lone_surrogate(one) for one in value):
        raise Invalid(f"{name} must be an array of texts")
    return value


def _lone_surrogate(text: str) -> bool:
    """Half a character, which JSON can write and no database can keep."""
    return any("\ud800" <= one <= "\udfff" for one in text)
