"""``/oauth/authorize``: a client asks for access, the person decides (RFC 6749 section 4.1, RFC 7636, 8707, 9207).

What the person sees is what is granted: the request is checked first, then shown, and goes through the form sealed for
this person, so that nothing in between can change it.
"""

from __future__ import annotations

import base64
import json
import logging
import time
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from asgiref.sync import sync_to_async
from django.core.exceptions import TooManyFieldsSent
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_protect
from oauth2_provider.exceptions import FatalClientError, OAuthToolkitError
from oauth2_provider.http import OAuth2ResponseRedirect
from oauthlib.oauth2.rfc6749 import errors

from oauth_resource.pages import at, page
from oauth_resource.scopes import READ
from oauth_resource.server.accounts import grantable, principal_of, signed_in
from oauth_resource.server.core import MAX_BYTES, Core, answer_to_client, resources, single
from oauth_resource.server.issuer import AUTHORIZE, OFFLINE, SCOPES, SIGN_IN
from oauth_resource.server.models import Account
from oauth_resource.server.redirects import problem
from oauth_resource.server.running import AWAY_SECONDS, Busy, running
from oauth_resource.server.showing import ClientShown, shown_client
from oauth_resource.server.validator import check_authorization
from oauth_resource.vault.sealing import DoesNotOpen
from oauth_resource.vault.store import VaultUnavailable

log = logging.getLogger("gauzy_mcp.audit")

DECIDE_SECONDS: Final = 600
"""How long the consent page is good for."""

_KEPT: Final = ("client_id", "redirect_uri", "response_type", "state", "code_challenge", "code_challenge_method")


class NotAnswered(Exception):
    """The request names no client and redirect that could be answered; the message is for the person."""


class Answered(Exception):
    """The request is refused, and the client is told so at ``uri``."""

    def __init__(self, uri: str, error: str | None) -> None:
        super().__init__(error)
        self.uri = uri


@csrf_protect
async def authorize(request: HttpRequest) -> HttpResponse:
    """GET asks, POST carries the person's decision."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
    try:
        await running().brakes.request(request)
        account = await signed_in(request)
        return await (_decide(request, account) if request.method == "POST" else _ask(request, account))
    except NotAnswered as error:
        return page(request, "authorize/refused.html", {"problem": str(error)}, status=400)
    except Answered as answered:
        return _to_client(answered.uri)
    except Busy as busy:
        return _later(request, str(busy), 429, busy.seconds)
    except (DatabaseError, VaultUnavailable) as error:
        log.error("authorization without the database: %s", type(error).__name__)
        return _later(request, "This does not work now. Try again in a moment.", 503, AWAY_SECONDS)


def _later(request: HttpRequest, problem: str, status: int, seconds: int) -> HttpResponse:
    response = page(request, "authorize/refused.html", {"problem": problem}, status=status)
    response["Retry-After"] = str(seconds)
    return response


async def _ask(request: HttpRequest, account: Account | None) -> HttpResponse:
    asked = await sync_to_async(_read)(request)
    prompt = frozenset(request.GET.get("prompt", "").split())
    if "none" in prompt:
        # Consent is asked for each time, so there is nothing that could go without the person.
        raise _refusal(asked, "login_required" if account is None else "consent_required")
    if account is None or "login" in prompt:
        return _sign_in_first(request)
    if await running().vault.load(principal_of(running(), account)) is None:
        # Tokens without a Gauzy account behind them would be of no use.
        return _sign_in_first(request)
    client = await sync_to_async(shown_client)(asked["client_id"], asked["redirect_uri"])
    return _consent(request, account, asked, client)


def _consent(request: HttpRequest, account: Account, asked: dict[str, Any], client: ClientShown) -> HttpResponse:
    asked = {**asked, "scopes": grantable(asked["scopes"], account.user) or [READ]}
    shown = {
        "client": client,
        "account": account,
        "gauzy": running().gauzy_name,
        "resources": asked["resource"],
        "scopes": [(scope, SCOPES[scope], scope not in (READ, OFFLINE)) for scope in asked["scopes"]],
        "sealed": _sealed(asked, account),
        "switch": f"{at(SIGN_IN)}?{urlencode({'next': request.get_full_path_info()})}",
    }
    return page(request, "authorize/consent.html", shown, leads_to=_origin(asked["redirect_uri"]))


async def _decide(request: HttpRequest, account: Account | None) -> HttpResponse:
    if account is None:
        raise NotAnswered(
            "You were signed out meanwhile. Go back to the program that you want to connect, and try again."
        )
    asked = _opened(request.POST.get("request", ""), account)
    if request.POST.get("decision") != "allow":
        log.info("consent denied subject=%s client=%s", account.subject, asked["client_id"])
        raise _refusal(asked, "access_denied")
    scopes = [scope for scope in asked["scopes"] if scope in (READ, OFFLINE) or f"grant-{scope}" in request.POST]
    scopes = grantable(scopes, account.user)
    if not scopes:
        # An empty list would stand for the default scopes.
        log.info("consent denied subject=%s client=%s: no scope is left", account.subject, asked["client_id"])
        raise _refusal(asked, "access_denied")
    uri = await sync_to_async(_grant)(request, asked, scopes)
    log.info(
        "consent given subject=%s client=%s scopes=%s resource=%s",
        account.subject, asked["client_id"], " ".join(scopes), " ".join(asked["resource"]),
    )  # fmt: skip
    return _to_client(uri)


def _read(request: HttpRequest) -> dict[str, Any]:
    """The request as plain data: checked in full before anybody is bothered. Raises NotAnswered or Answered."""
    if len(request.META.get("QUERY_STRING", "")) > MAX_BYTES:
        raise NotAnswered(f"The request is longer than {MAX_BYTES} bytes.")
    try:
        single(request.GET, "resource")
        scopes, credentials = Core().validate_authorization_request(request)
    except TooManyFieldsSent:
        raise NotAnswered("The request has more parameters than this server reads.") from None
    except (FatalClientError, errors.InvalidRequestError) as error:
        raise NotAnswered(_why(error)) from None
    except OAuthToolkitError as error:
        raise _answer(error.oauthlib_error) from None
    asked = {name: credentials.get(name) for name in _KEPT}
    _check_redirect(asked["redirect_uri"])
    try:
        check_authorization(credentials)
        asked["resource"] = resources(request.GET.getlist("resource"))
    except errors.OAuth2Error as error:
        raise _refusal(asked, error.error, error.description) from None
    return {**asked, "scopes": scopes}


def _grant(request: HttpRequest, asked: dict[str, Any], scopes: list[str]) -> str:
    """Makes the code, after the same checks again: the client may have been changed meanwhile."""
    credentials = {name: value for name, value in asked.items() if name != "scopes"}
    try:
        uri, *_ = Core().create_authorization_response(request, scopes, credentials, allow=True)
    except FatalClientError as error:
        raise NotAnswered(_why(error)) from None
    except OAuthToolkitError as error:
        raise _answer(error.oauthlib_error) from None
    return str(uri)


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back here; ``prompt`` has then had its effect."""
    query = request.GET.copy()
    query.pop("prompt", None)
    return HttpResponse(
        status=303, headers={"Location": f"{at(SIGN_IN)}?{urlencode({'next': f'{AUTHORIZE}?{query.urlencode()}'})}"}
    )


def _check_redirect(uri: str) -> None:
    """Holds registered addresses to the rules too: they may be older than a rule. Raises NotAnswered."""
    if wrong := problem(uri):
        raise NotAnswered(f"The address that the client wants the answer at {wrong}.")


def _to_client(uri: str) -> HttpResponse:
    """The redirect; its scheme was checked with the registered addresses."""
    response: HttpResponse = OAuth2ResponseRedirect(uri, [urlsplit(uri).scheme])
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _refusal(asked: dict[str, Any], error: str | None, description: str | None = None) -> Answered:
    told = {"error": error, "error_description": description, "state": asked.get("state")}
    return Answered(answer_to_client(asked["redirect_uri"], told), error)


def _answer(error: errors.OAuth2Error) -> Exception:
    if not error.redirect_uri:
        return NotAnswered(_why(error))
    _check_redirect(error.redirect_uri)
    return _refusal({"redirect_uri": error.redirect_uri, "state": error.state}, error.error, error.description)


def _why(error: Any) -> str:
    cause = getattr(error, "oauthlib_error", error)
    return f"The program that sent you here made a mistake: {(cause.description or cause.error).rstrip('.')}."


def _origin(uri: str) -> str:
    """What the consent form may lead to, as Content-Security-Policy writes it."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f"{parts.scheme}:"


def _sealed(asked: dict[str, Any], account: Account) -> str:
    plain = json.dumps({**asked, "until": time.time() + DECIDE_SECONDS}).encode()
    return base64.urlsafe_b64encode(running().ring.seal(plain, _purpose(account))).decode()


def _opened(text: str, account: Account) -> dict[str, Any]:
    """Raises NotAnswered for what was not sealed for this person, a moment ago."""
    try:
        asked: dict[str, Any] = json.loads(running().ring.open(base64.urlsafe_b64decode(text), _purpose(account)))
    except (DoesNotOpen, ValueError):
        raise NotAnswered(
            "This page was changed, or is another person's. Start again in the program you connect."
        ) from None
    if asked.pop("until") < time.time():
        raise NotAnswered("This page was open for too long. Start again in the program you connect.")
    return asked


def _purpose(account: Account) -> str:
    return f"consent|v1|{account.subject}"
