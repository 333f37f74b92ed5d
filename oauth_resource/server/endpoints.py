"""What programs call: token, revocation, introspection, user information, keys and metadata."""

from __future__ import annotations

import base64
import contextlib
import functools
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from oauthlib.oauth2.rfc6749 import errors

from oauth_resource.server import introspecting, keys
from oauth_resource.server.core import MAX_BYTES, Core, open_to_all, preflight, told
from oauth_resource.server.running import AWAY_SECONDS, Busy, running
from oauth_resource.server.validator import Repeated

log = logging.getLogger("gauzy_mcp.audit")

FORM: Final = "application/x-www-form-urlencoded"
MAX_AGE_SECONDS: Final = 300

View = Callable[[HttpRequest], Awaitable[HttpResponse]]


def form(view: Callable[[HttpRequest], HttpResponse]) -> View:
    """An endpoint that takes a POSTed form and works on the database: counted, bounded, and open to every origin."""

    @csrf_exempt
    @functools.wraps(view)
    async def endpoint(request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            return preflight("POST, OPTIONS")
        if request.method != "POST":
            return open_to_all(HttpResponse(status=405, headers={"Allow": "POST, OPTIONS"}))
        try:
            response = await _answered(view, request)
            if response.status_code >= 400:
                await running().brakes.request(request)
        except Busy as busy:
            response = too_many(busy)
        except DatabaseError as error:
            response = away(error)
        return open_to_all(response)

    return endpoint


async def _answered(view: Callable[[HttpRequest], HttpResponse], request: HttpRequest) -> HttpResponse:
    try:
        _check_form(request)
        await running().brakes.client(request, _client_id(request))
        return await sync_to_async(view)(request)
    except errors.OAuth2Error as error:
        return told(error)


def readable(view: View) -> View:
    """A document that anybody may read from anywhere."""

    @functools.wraps(view)
    async def endpoint(request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            return preflight("GET, OPTIONS")
        if request.method not in ("GET", "HEAD"):
            return open_to_all(HttpResponse(status=405, headers={"Allow": "GET, HEAD, OPTIONS"}))
        try:
            return open_to_all(await view(request))
        except DatabaseError as error:
            return open_to_all(away(error))

    return csrf_exempt(endpoint)


@form
def token(request: HttpRequest) -> HttpResponse:
    """``POST /oauth/token``: RFC 6749 sections 4.1.3 and 6, in one transaction."""
    core = Core()
    with transaction.atomic():
        try:
            _, headers, body, status = core.create_token_response(request)
        except Repeated as repeated:
            headers, body, status = {}, repeated.body, 200
    _note(request, body, status)
    return HttpResponse(body, status=status, headers={**headers, "Content-Type": "application/json"})


@form
def revoke(request: HttpRequest) -> HttpResponse:
    """``POST /oauth/revoke``: RFC 7009. Unknown tokens are none of the caller's business, and no error."""
    with transaction.atomic():
        _, headers, body, status = Core().create_revocation_response(request)
    return HttpResponse(body or "", status=status, headers={**headers, "Content-Type": "application/json"})


@form
def introspect(request: HttpRequest) -> HttpResponse:
    """``POST /oauth/introspect``: RFC 7662, for clients that an operator made."""
    introspecting.check_client(Core(), request)
    return JsonResponse(introspecting.claims(request.POST.get("token", "")))


@readable
async def jwks(request: HttpRequest) -> HttpResponse:
    """``GET /oauth/jwks``: RFC 7517."""
    await sync_to_async(running().keys.signer)()
    return _document(await sync_to_async(keys.published)())


@readable
async def metadata(request: HttpRequest) -> HttpResponse:
    """RFC 8414 section 3."""
    return _document(running().issuer.metadata())


def too_many(busy: Busy) -> HttpResponse:
    body = {"error": "temporarily_unavailable", "error_description": str(busy)}
    return JsonResponse(body, status=429, headers={"Retry-After": str(busy.seconds)})


def away(error: DatabaseError) -> HttpResponse:
    """The database does not answer, or is too busy: the client may try the same again."""
    log.error("authorization server without its database: %s", type(error).__name__)
    body = {"error": "temporarily_unavailable", "error_description": "The server cannot reach its database now"}
    return JsonResponse(body, status=503, headers={"Retry-After": str(AWAY_SECONDS)})


def _note(request: HttpRequest, body: str, status: int) -> None:
    """One line of audit for each token request, without anything of its secrets."""
    log.info(
        "token %s grant=%s client=%s error=%s",
        "issued" if status == 200 else "refused",
        request.POST.get("grant_type", "-")[:40],
        _client_id(request) or "-",
        json.loads(body).get("error", "-"),
    )


def _client_id(request: HttpRequest) -> str:
    """The client that a request claims to be of, in its form or by HTTP Basic (RFC 6749 section 2.3.1)."""
    named = request.POST.get("client_id", "")
    if not named:
        _, _, encoded = request.headers.get("Authorization", "").partition(" ")
        with contextlib.suppress(ValueError):
            named = base64.b64decode(encoded).decode().partition(":")[0]
    return named[:255]


def _check_form(request: HttpRequest) -> None:
    if (request.content_type or "").lower() != FORM:
        raise errors.InvalidRequestError(description=f"Content-Type must be {FORM}")
    try:
        long, elsewhere, _ = len(request.body) > MAX_BYTES, bool(request.GET), request.POST
    except (BadRequest, SuspiciousOperation):
        limits = f"{MAX_BYTES} bytes and {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS} fields"
        raise errors.InvalidRequestError(description=f"the form must be in UTF-8, of at most {limits}") from None
    if long:
        raise errors.InvalidRequestError(description=f"the request must not be longer than {MAX_BYTES} bytes")
    if elsewhere:
        raise errors.InvalidRequestError(description="parameters belong in the body, not in the address")


def _document(body: Any) -> HttpResponse:
    response = JsonResponse(body)
    response["Cache-Control"] = f"public, max-age={MAX_AGE_SECONDS}"
    return response
