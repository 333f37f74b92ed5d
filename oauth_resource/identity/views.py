"""``/link``: where a person signs in to Gauzy for their MCP client. Plain HTML without scripts."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from typing import Any, Final, Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.decorators.csrf import csrf_protect

from oauth_resource.identity.linking import Links, SignInRefused
from oauth_resource.identity.tickets import Ticket, TicketInvalid
from oauth_resource.pages import page
from oauth_resource.provided import ProvidedPart
from oauth_resource.vault.store import VaultUnavailable

log = logging.getLogger("gauzy_mcp.oauth")

RETRY_SECONDS: Final = 5
_LONGEST: Final = 500


class Busy(Exception):
    """Too many sign-ins from this address; the message says when to come back."""


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

    Where another account is linked, the person is asked before there is a code, and answers by another POST.
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
    email, password = str(request.POST.get("email", "")), str(request.POST.get("password", ""))
    again = {**shown, "email": email[:_LONGEST]}
    if not email or not password or max(len(email), len(password)) > _LONGEST:
        return page(request, "link/form.html", {**again, "problem": "Enter e-mail address and password."}, status=400)
    try:
        await running().brake(request, email)
        outcome = await links.sign_in(ticket, email, password)
    except Busy as error:
        return page(request, "link/form.html", {**again, "problem": str(error)}, status=429)
    except SignInRefused as error:
        return page(request, "link/form.html", {**again, "problem": str(error)}, status=403)
    except TicketInvalid:
        return page(request, "link/over.html", {}, status=410)
    except VaultUnavailable as error:
        return _later(request, error)
    return page(
        request, "link/replace.html" if outcome.confirmation else "link/code.html", {**shown, "outcome": outcome}
    )


async def _answered(request: HttpRequest, links: Links, text: str) -> HttpResponse:
    """Takes the answer to whether another account is to be replaced."""
    confirmation = str(request.POST.get("confirmation", ""))
    try:
        if request.POST.get("decision") != "replace":
            await links.decline(text, confirmation)
            return page(request, "link/kept.html", {})
        ticket, outcome = await links.confirm(text, confirmation)
    except TicketInvalid:
        return page(request, "link/over.html", {}, status=410)
    except VaultUnavailable as error:
        return _later(request, error)
    return page(request, "link/code.html", {"who": ticket, "outcome": outcome})


def _later(request: HttpRequest, error: VaultUnavailable) -> HttpResponse:
    """The address is not used up by this."""
    log.error("link page: %s", error)
    response = page(request, "link/later.html", {}, status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response
