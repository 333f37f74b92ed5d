"""Pages for people: plain HTML without scripts, which nobody may frame, keep or lead astray."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def at(path: str) -> str:
    """The address of a page of ours on its host, which may have us below a path of its own."""
    return f"{settings.MCP_ROOT_PATH}{path}"


def source(request: HttpRequest) -> dict[str, str]:
    """For every template: where the source of this server is, which people who use it over a network are offered
    (AGPL-3.0 section 13)."""
    return {"source_url": settings.MCP_SOURCE_URL}


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a form gets that does not prove where it comes from: Django's CSRF_FAILURE_VIEW."""
    return page(request, "link/stale.html", {}, status=403)


def page(
    request: HttpRequest, template: str, shown: Mapping[str, Any], *, status: int = 200, leads_to: str = ""
) -> HttpResponse:
    """``leads_to`` is an origin, or a scheme, that a form of the page may end up at: browsers hold redirects to it."""
    nonce = secrets.token_urlsafe(16)
    response = render(request, template, {**shown, "nonce": nonce, "root": at("")}, status=status)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self' {leads_to}".rstrip()
        + "; frame-ancestors 'none'; base-uri 'none'"
    )
    response["X-Frame-Options"] = "DENY"
    response["Cache-Control"] = "no-store"
    # Not no-referrer: browsers would then send the form without an Origin, which the CSRF check wants.
    response["Referrer-Policy"] = "same-origin"
    return response
