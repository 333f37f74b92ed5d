"""Between Django and oauthlib: what a request says, checked and normalised before any rule reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from oauth2_provider.oauth2_backends import OAuthLibCore
from oauthlib.oauth2.rfc6749 import errors

from oauth_resource.server.running import running
from oauth_resource.server.validator import digest

MAX_BYTES: Final = 16 * 1024
"""Of a request's parameters: a state of several kilobytes fits, and nobody can make us chew on more."""


class Core(OAuthLibCore):  # type: ignore[misc]
    """Of an authorization code only the digest goes further, as that is what the database knows."""

    def extract_body(self, request: HttpRequest) -> list[tuple[str, str]]:
        return [(name, self._kept(name, value)) for name, value in single(request.POST, "resource")]

    def _kept(self, name: str, value: str) -> str:
        if name == "code":
            return digest(value)
        return resources([value])[0] if name == "resource" else value


def single(parameters: QueryDict, *many: str) -> list[tuple[str, str]]:
    """The parameters, of which only ``many`` may come more than once (RFC 6749 section 3.1 and 3.2).

    Raises InvalidRequestError.
    """
    pairs = [(name, value) for name, values in parameters.lists() for value in values]
    if any("\x00" in part for pair in pairs for part in pair):
        raise errors.InvalidRequestError(description="a parameter contains a NUL character")
    for name, values in parameters.lists():
        if len(values) > 1 and name not in many:
            raise errors.InvalidRequestError(description=f"{name[:40]} must be given once")
    return pairs


def resources(asked: list[str]) -> list[str]:
    """The resources of this server that a request names (RFC 8707), the server as a whole when it names none.

    Raises the error invalid_target.
    """
    granted = running().issuer.granted(asked)
    if granted is None:
        raise errors.CustomOAuth2Error(
            error="invalid_target",
            description=f"resource must be one of {', '.join(running().issuer.resources)}",
        )
    return granted


def answer_to_client(uri: str, parameters: Mapping[str, str | None]) -> str:
    """The redirect that ends an authorization, with the issuer in it once (RFC 6749 section 4.1.2, RFC 9207)."""
    parts = urlsplit(uri)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in ("iss", *parameters)]
    told = [(name, value) for name, value in parameters.items() if value is not None]
    query = urlencode([*kept, *told, ("iss", running().issuer.url)])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def open_to_all(response: HttpResponse) -> HttpResponse:
    """Readable from every web page, without cookies: who asks proves himself by what he sends."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "WWW-Authenticate, Retry-After"
    response["X-Content-Type-Options"] = "nosniff"
    if "Cache-Control" not in response:
        response["Cache-Control"] = "no-store"
    return response


def preflight(methods: str) -> HttpResponse:
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Methods"] = methods
    response["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Accept, MCP-Protocol-Version"
    response["Access-Control-Max-Age"] = "600"
    return open_to_all(response)


def told(error: errors.OAuth2Error) -> JsonResponse:
    """An error of a token, revocation or introspection request (RFC 6749 section 5.2)."""
    body: dict[str, Any] = {"error": error.error}
    if error.description:
        body["error_description"] = error.description
    return JsonResponse(body, status=error.status_code, headers=dict(error.headers))
