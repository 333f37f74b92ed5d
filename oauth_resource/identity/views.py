"""``/link``: where a person signs in to Gauzy for their MCP client. Plain HTML without scripts."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.decorators.csrf import csrf_protect

from oauth_resource.identity.linking import Links, LinkStep, SignInRefused
from oauth_resource.identity.tickets import Ticket, TicketInvalid
from oauth_resource.pages import page
from oauth_resource.provided import ProvidedPart
from oauth_resource.vault.store import VaultUnavailable

log = logging.getLogger("gauzy_mcp.oauth")

RETRY_SECONDS: Final = 5
_LONGEST: Final = 500


class Busy(Exception):
    """Too many sign-ins from this address; the message says when to come back."""


class _Problem(Exception):
    """A form that the person may correct and send again; the message says what is wrong."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class LinkingServer(Protocol):
    """What the page needs of the running process."""

    @property
    def links(self) -> Links | None: ...

    def brake(self, request: HttpRequest, email: str) -> Awaitable[None]:
        """Counts a sign-in as ``email`` from the visitor's address. Raises Busy."""


running: Final = ProvidedPart[LinkingServer]("the running server")


@csrf_protect
async def link(request: HttpRequest) -> HttpResponse:
    """GET shows the form of a ticket; POST signs in and shows the code that completes the link.

    Where the principal has another account, the person is asked before there is a code, and answers by another POST
    with e-mail address and password of that account.
    """
    links = running().links
    if links is None:
        return HttpResponseNotFound()
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
    text = str((request.POST if request.method == "POST" else request.GET).get("ticket", ""))
    if request.method == "POST" and "confirmation" in request.POST:
        return await _answered(request, links, text)
    try:
        ticket = await links.read(text)
    except TicketInvalid:
        return page(request, "link/over.html", {}, status=410)
    except VaultUnavailable as error:
        return _later(request, error)
    shown = {"ticket": text, "who": ticket, "gauzy": links.gauzy}
    if request.method != "POST":
        return page(request, "link/form.html", shown)
    return await _sign_in(request, links, ticket, shown)


async def _sign_in(request: HttpRequest, links: Links, ticket: Ticket, shown: dict[str, Any]) -> HttpResponse:
    try:
        outcome = await _asked(request, lambda email, password: links.sign_in(ticket, email, password))
    except _Problem as error:
        return _again(request, "link/form.html", shown, error)
    except TicketInvalid:
        return page(request, "link/over.html", {}, status=410)
    except VaultUnavailable as error:
        return _later(request, error)
    return page(
        request, "link/replace.html" if outcome.confirmation else "link/code.html", {**shown, "outcome": outcome}
    )


async def _answered(request: HttpRequest, links: Links, text: str) -> HttpResponse:
    """Takes the answer to whether another account is to be replaced: yes comes with a sign-in to that account."""
    confirmation = str(request.POST.get("confirmation", ""))
    try:
        if request.POST.get("decision") != "replace":
            await links.decline(text, confirmation)
            return page(request, "link/kept.html", {})
        ticket, question = await links.question(text, confirmation)
        shown = {"ticket": text, "who": ticket}
        outcome = await _asked(request, lambda email, password: links.confirm(text, confirmation, email, password))
    except _Problem as error:
        return _again(request, "link/replace.html", {**shown, "outcome": question}, error)
    except TicketInvalid:
        return page(request, "link/over.html", {}, status=410)
    except VaultUnavailable as error:
        return _later(request, error)
    return page(request, "link/code.html", {**shown, "outcome": outcome})


async def _asked(request: HttpRequest, ask: Callable[[str, str], Awaitable[LinkStep]]) -> LinkStep:
    """What ``ask`` makes of the e-mail address and password of the form. Raises _Problem, and what ``ask`` raises."""
    email, password = str(request.POST.get("email", "")), str(request.POST.get("password", ""))
    if not email or not password or max(len(email), len(password)) > _LONGEST:
        raise _Problem("Enter e-mail address and password.", 400)
    try:
        await running().brake(request, email)
        return await ask(email, password)
    except Busy as error:
        raise _Problem(str(error), 429) from error
    except SignInRefused as error:
        raise _Problem(str(error), 403) from error


def _again(request: HttpRequest, template: str, shown: dict[str, Any], error: _Problem) -> HttpResponse:
    """The form as it was sent, without the password, and what was wrong with it."""
    email = str(request.POST.get("email", ""))[:_LONGEST]
    return page(request, template, {**shown, "email": email, "problem": str(error)}, status=error.status)


def _later(request: HttpRequest, error: VaultUnavailable) -> HttpResponse:
    """The address is not used up by this."""
    log.error("link page: %s", error)
    response = page(request, "link/later.html", {}, status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response
