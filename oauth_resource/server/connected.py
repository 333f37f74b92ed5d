"""``/account``: what a person has connected, and their personal access tokens, to look at and to end."""

from __future__ import annotations

import datetime
import functools
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone
from django.views.decorators.csrf import csrf_protect
from oauth2_provider.models import get_application_model

from oauth_resource.pages import at, page
from oauth_resource.scopes import ADMIN, READ, WRITE
from oauth_resource.server import granted, personal
from oauth_resource.server.accounts import principal_of, signed_in
from oauth_resource.server.issuer import HOME, SIGN_IN
from oauth_resource.server.models import Account, PersonalToken
from oauth_resource.server.revoking import end_all
from oauth_resource.server.running import running
from oauth_resource.vault.store import VaultUnavailable

log = logging.getLogger("gauzy_mcp.audit")

DISCONNECT: Final = f"{HOME}/disconnect"
MAKE: Final = f"{HOME}/tokens"
DELETE: Final = f"{HOME}/tokens/delete"

DAYS: Final = (7, 30, 90, 365)
"""The lives that a personal token can be given."""

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {"read": (READ,), "write": (READ, WRITE), "admin": (READ, WRITE, ADMIN)}
"""What a personal token can be allowed, by the name of the choice. The last is for staff alone."""

_DONE: Final = {
    "disconnected": "Disconnected. It can do nothing in Gauzy any more.",
    "all": "All apps are disconnected.",
    "deleted": "The token is deleted. Nobody can use it any more.",
}
_LARGEST_KEY: Final = 2**63 - 1

View = Callable[[HttpRequest, Account], Awaitable[HttpResponse]]


def of_person(method: str) -> Callable[[View], Callable[[HttpRequest], Awaitable[HttpResponse]]]:
    """A page for whoever is signed in; others sign in first, and then begin at the page of connected apps."""

    def decorated(view: View) -> Callable[[HttpRequest], Awaitable[HttpResponse]]:
        @csrf_protect
        @functools.wraps(view)
        async def checked(request: HttpRequest) -> HttpResponse:
            allowed = ["POST"] if method == "POST" else ["GET", "HEAD"]
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            try:
                account = await signed_in(request)
                return _to(SIGN_IN, next=HOME) if account is None else await view(request, account)
            except (DatabaseError, VaultUnavailable) as error:
                log.error("page of connected apps without the database: %s", type(error).__name__)
                return page(request, "account/away.html", {}, status=503)

        return checked

    return decorated


@of_person("GET")
async def account(request: HttpRequest, account: Account) -> HttpResponse:
    """Who I am, what is connected, and my tokens."""
    return await _home(request, account, {"done": _DONE.get(request.GET.get("done", ""), "")})


@of_person("POST")
async def disconnect(request: HttpRequest, account: Account) -> HttpResponse:
    """Ends the tokens of ``client``, a primary key, or of every client."""
    if "all" in request.POST:
        ended = await sync_to_async(end_all)(account.user)
        log.info("disconnected all subject=%s refresh_tokens=%d", account.subject, ended)
        await _forget(account)
        return _to(HOME, done="all")
    key = request.POST.get("client", "")
    known = get_application_model().objects.filter(pk=_number(key))
    application = await known.afirst()
    if application is None:
        return await _home(request, account, {"problem": "There is no such app any more."}, status=404)
    ended = await sync_to_async(end_all)(account.user, application)
    log.info("disconnected subject=%s client=%s refresh_tokens=%d", account.subject, application.client_id, ended)
    return _to(HOME, done="disconnected")


@of_person("POST")
async def make_token(request: HttpRequest, account: Account) -> HttpResponse:
    """Makes a personal access token and shows it, once."""
    name, choice = request.POST.get("name", ""), request.POST.get("may", "")
    try:
        scopes, life = _wanted(account, choice, request.POST.get("days", ""))
        kept, token = await sync_to_async(personal.make)(account, name, scopes, life)
    except (ValueError, personal.TooMany) as error:
        return await _home(request, account, {"problem": str(error), "name": name[:100]}, status=400)
    log.info(
        "personal token made subject=%s id=%s name=%.60r scopes=%s expires=%s",
        account.subject, kept.pk, kept.name, kept.scope, kept.expires.date(),
    )  # fmt: skip
    shown = {"kept": kept, "token": token, "may": granted.may(scopes), "address": running().issuer.at("/mcp")}
    return page(request, "account/token.html", shown)


@of_person("POST")
async def delete_token(request: HttpRequest, account: Account) -> HttpResponse:
    """Deletes one of the person's own tokens; every process hears of it."""
    try:
        key = uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        key = uuid.UUID(int=0)
    deleted, _ = await PersonalToken.objects.filter(pk=key, account=account).adelete()
    if not deleted:
        return await _home(request, account, {"problem": "There is no such token any more."}, status=404)
    log.info("personal token deleted subject=%s id=%s", account.subject, key)
    return _to(HOME, done="deleted")


async def _home(request: HttpRequest, account: Account, more: Mapping[str, Any], status: int = 200) -> HttpResponse:
    shown = {
        "account": account,
        "gauzy": running().gauzy_name,
        "apps": await sync_to_async(granted.connected)(account.user),
        "tokens": await sync_to_async(_tokens)(account),
        "days": DAYS,
        "is_staff": account.user.is_staff,
    }
    return page(request, "account/home.html", {**shown, **more}, status=status)


def _tokens(account: Account) -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        {"row": row, "may": granted.may(row.scope.split()), "is_over": row.expires <= now}
        for row in account.personal_tokens.order_by("-created")
    ]


def _wanted(account: Account, choice: str, days: str) -> tuple[tuple[str, ...], datetime.timedelta]:
    """Raises ValueError for what the form does not offer this person."""
    if choice not in CHOICES or (choice == "admin" and not account.user.is_staff):
        raise ValueError("may: choose what the token is allowed")
    if days not in map(str, DAYS):
        raise ValueError(f"expires: choose one of {', '.join(map(str, DAYS))} days")
    return CHOICES[choice], datetime.timedelta(days=int(days))


async def _forget(account: Account) -> None:
    """Gauzy's tokens go as well, unless a personal access token still needs them."""
    server = running()
    if await account.personal_tokens.filter(expires__gt=timezone.now()).aexists():
        return
    principal = principal_of(server, account)
    kept = await server.vault.load(principal, fresh=True)
    if kept is not None:
        await server.vault.save(principal, None)
        await server.gauzy.sign_out(dict(kept))


def _number(text: str) -> int:
    """A primary key that a form names; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= _LARGEST_KEY else 0


def _to(path: str, **query: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": f"{at(path)}?{urlencode(query)}", "Cache-Control": "no-store"})
