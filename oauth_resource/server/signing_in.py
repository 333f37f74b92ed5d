"""``/oauth/sign-in``: the sign-in of this server is Gauzy's own. The password goes to Gauzy and nowhere else.

Who is in several tenants or organizations chooses on the pages that follow. What Gauzy gave for the password waits
meanwhile in the browser's session, sealed, for ten minutes.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import logging
import time
from typing import Any, Final
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from django.contrib.auth import alogin, alogout
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from oauth_resource.pages import at, page
from oauth_resource.server.accounts import known, principal_of
from oauth_resource.server.issuer import AUTHORIZE, HOME
from oauth_resource.server.running import Away, Busy, Organization, Person, Refused, Workspace, running
from oauth_resource.vault.sealing import DoesNotOpen
from oauth_resource.vault.store import VaultUnavailable

log = logging.getLogger("gauzy_mcp.audit")

SIGN_OUT: Final = "/oauth/sign-out"
SESSION_SECONDS: Final = 12 * 3600
CHOOSE_SECONDS: Final = 600
_LONGEST: Final = 500
_WAITING: Final = "sign-in"
_BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
_RETRY_SECONDS: Final = 10
_REFUSED: Final = "Gauzy did not accept this e-mail address and password."
"""The same for whatever is wrong, so that nobody learns which accounts there are."""


@sensitive_post_parameters("password")
@csrf_protect
async def sign_in(request: HttpRequest) -> HttpResponse:
    """GET shows the form; POST takes it, or a choice that followed."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if request.method != "POST":
        return _form(request, {"next": destination(request.GET.get("next", ""))})
    try:
        if "workspace" in request.POST or "organization" in request.POST:
            return await _chosen(request)
        return await _password(request)
    except Refused as error:
        return _again(request, str(error), 403)
    except Busy as busy:
        told = f"Too many sign-ins. Try again in {busy.seconds} seconds."
        return _again(request, told, 429, retry=busy.seconds)
    except Away as error:
        log.error("sign-in without Gauzy: %s", error)
        told = "Gauzy does not answer, so nobody can sign in now. Try again in a moment."
        return _again(request, told, 503, retry=_RETRY_SECONDS)
    except (VaultUnavailable, DatabaseError) as error:
        log.error("sign-in without the database: %s", type(error).__name__)
        return _again(request, "Signing in does not work now. Try again in a moment.", 503, retry=_RETRY_SECONDS)


@csrf_protect
async def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the browser's session. What clients were allowed goes on; the page of connected apps ends that."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if request.method == "POST":
        await alogout(request)
        return page(request, "sign_in/out.html", {"over": True})
    return page(request, "sign_in/out.html", {})


def destination(asked: str) -> str:
    """Where to go after the sign-in: to pages of this server that want one, and to no other address whatsoever."""
    try:
        parts = urlsplit(asked)
    except ValueError:
        return HOME
    ours = parts.path in (AUTHORIZE, "/authorize", HOME)
    plain = asked.isascii() and asked.isprintable() and not any(one in asked for one in " \\#")
    return asked if ours and plain and not parts.scheme and not parts.netloc and not asked.startswith("//") else HOME


async def _password(request: HttpRequest) -> HttpResponse:
    email, password = str(request.POST.get("email", "")).strip(), str(request.POST.get("password", ""))
    if not email or not password or max(len(email), len(password)) > _LONGEST or not email.isprintable():
        return _again(request, "Enter e-mail address and password.", 400)
    await running().brakes.login(request, email)
    try:
        workspaces = await running().gauzy.workspaces(email, password)
    except Refused as error:
        log.warning("sign-in refused: %s", error)
        raise Refused(_REFUSED) from error
    if len(workspaces) == 1:
        return await _entered(request, await running().gauzy.enter(workspaces[0]))
    await _wait(request, workspaces=[dataclasses.asdict(one) for one in workspaces])
    return _choice(request, "workspace", "Which company?", [(one.tenant, one.name, False) for one in workspaces])


async def _chosen(request: HttpRequest) -> HttpResponse:
    waiting = await _waited(request)
    if "workspace" in request.POST:
        found = [Workspace(**one) for one in waiting.get("workspaces", ())]
        workspace = next((one for one in found if one.tenant == request.POST["workspace"]), None)
        if workspace is None:
            raise Refused("Choose one of your companies.")
        return await _entered(request, await running().gauzy.enter(workspace))
    if "person" not in waiting:
        raise Refused("Sign in again.")
    person = Person(**waiting["person"])
    if request.POST["organization"] not in [one["id"] for one in waiting["organizations"]]:
        raise Refused("Choose one of your organizations.")
    return await _finish(request, await running().gauzy.choose(person, request.POST["organization"]))


async def _entered(request: HttpRequest, person: Person) -> HttpResponse:
    organizations = await running().gauzy.organizations(person)
    if len(organizations) < 2:
        return await _finish(request, person)
    told = [dataclasses.asdict(one) for one in organizations]
    await _wait(request, person=dataclasses.asdict(person), organizations=told)
    return _choice(request, "organization", "Which organization?", _rows(organizations))


async def _finish(request: HttpRequest, person: Person) -> HttpResponse:
    """Keeps Gauzy's tokens for the person, and begins a browser session under a new id."""
    server = running()
    account = await sync_to_async(known)(server.api, person)
    if not account.user.is_active:
        log.warning("sign-in refused account=%s: disabled here", person.email)
        raise Refused(_REFUSED)
    await server.vault.save(principal_of(server, account), person.account, person.email)
    await request.session.aflush()
    await alogin(request, account.user, backend=_BACKEND)
    await request.session.aset_expiry(SESSION_SECONDS)
    log.info("signed in subject=%s account=%s", account.subject, person.email)
    return HttpResponse(status=303, headers={"Location": at(destination(request.POST.get("next", "")))})


async def _wait(request: HttpRequest, **what: Any) -> None:
    """Keeps ``what`` for the next page, sealed: sessions lie in the database.

    The session gets a new id, as somebody may have planted the one that the browser came with.
    """
    plain = json.dumps({**what, "until": time.time() + CHOOSE_SECONDS}).encode()
    sealed = running().ring.seal(plain, _WAITING)
    await request.session.aflush()
    await request.session.aset(_WAITING, base64.b64encode(sealed).decode())
    await request.session.aset_expiry(CHOOSE_SECONDS)


async def _waited(request: HttpRequest) -> dict[str, Any]:
    """Raises Refused when nothing waits in this browser."""
    kept = await request.session.aget(_WAITING, "")
    try:
        waiting: dict[str, Any] = json.loads(running().ring.open(base64.b64decode(kept), _WAITING))
    except (DoesNotOpen, ValueError):
        raise Refused("Sign in again.") from None
    if waiting["until"] < time.time():
        raise Refused("That took too long. Sign in again.")
    return waiting


def _rows(organizations: list[Organization]) -> list[tuple[str, str, bool]]:
    return [(one.id, one.name, one.current) for one in organizations]


def _choice(request: HttpRequest, name: str, question: str, rows: list[tuple[str, str, bool]]) -> HttpResponse:
    chosen = next((row[0] for row in rows if row[2]), rows[0][0])
    shown = {
        "name": name,
        "question": question,
        "rows": [(value, label, value == chosen) for value, label, _ in rows],
        "next": destination(request.POST.get("next", "")),
    }
    return page(request, "sign_in/choice.html", shown)


def _again(request: HttpRequest, problem: str, status: int, *, retry: int = 0) -> HttpResponse:
    email = str(request.POST.get("email", ""))[:_LONGEST]
    shown = {"next": destination(request.POST.get("next", "")), "problem": problem, "email": email}
    response = _form(request, shown, status)
    if retry:
        response["Retry-After"] = str(retry)
    return response


def _form(request: HttpRequest, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    server = running()
    return page(request, "sign_in/form.html", {**shown, "gauzy": server.gauzy_name, "demo": server.demo}, status=status)
