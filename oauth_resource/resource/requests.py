"""The credentials of a Django request."""

from __future__ import annotations

from django.http import HttpRequest


def authorization_of(request: HttpRequest) -> list[str]:
    """Every Authorization header. META joins several, and cannot tell the name from one with an underscore."""
    scope = getattr(request, "scope", None)
    if scope is None:
        value = request.META.get("HTTP_AUTHORIZATION")
        return [] if value is None else [value]
    return [value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"]
