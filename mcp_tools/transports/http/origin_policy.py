"""The HTTP endpoint's rules for Host, Origin, CORS, and the headers that every response carries."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from mcp_tools.protocol import messages
from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError
from mcp_tools.transports.origins import AllowList

log = logging.getLogger("gauzy_mcp.http")

ALLOWED_METHODS: Final = "GET, POST, DELETE, OPTIONS"
_EXPOSED: Final = (
    "Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, X-Request-Id, Retry-After, RateLimit, RateLimit-Policy"
)
_REQUEST_HEADERS: Final = (
    "Content-Type, Accept, Authorization, Last-Event-ID, MCP-Protocol-Version, Mcp-Session-Id, Mcp-Method, Mcp-Name, "
    "X-MCP-Toolsets, X-MCP-Readonly, X-Request-Id, traceparent, tracestate, baggage"
)
"""What clients send. The last ones are those of W3C Trace Context and Baggage, which OpenTelemetry adds."""
_ALWAYS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class SessionPolicy:
    """How sessions reach HTTP: ``enabled`` is MCP_SESSION_ENABLED.

    ``cookies`` are the names under which browsers get the session: MCP_SESSION_COOKIE_NAME, by which HTTP finds it
    again, and MCP_WS_SESSION_COOKIE_NAME for the WebSocket, whose servers cannot set a cookie themselves.
    """

    enabled: bool
    cookies: tuple[str, ...]

    @property
    def cookie_name(self) -> str:
        return self.cookies[0]


def header_reader(request: HttpRequest) -> Callable[[str], str | None]:
    """Reads header values by name, without the optional white space around them (RFC 9110 section 5.5)."""

    def read(name: str) -> str | None:
        value = request.META.get("HTTP_" + name.upper().replace("-", "_"))
        return None if value is None else value.strip(" \t")

    return read


class OriginPolicy:
    """``credentials`` is MCP_CORS_CREDENTIALS. With the origin ``*`` they are never offered (Fetch standard), and never
    to ``null``, which a sandboxed frame of any page has."""

    def __init__(self, allowed: AllowList, *, credentials: bool) -> None:
        self._allowed = allowed
        self._credentials = credentials and not allowed.any_origin

    def refuse(self, request: HttpRequest) -> HttpResponse | None:
        """A 403 for a foreign Host or Origin, else None."""
        refused = self.refuse_host(request)
        if refused is not None:
            return refused
        origin = request.META.get("HTTP_ORIGIN")
        if origin is not None and not self._allowed.allows_page(origin, request.META.get("HTTP_HOST", "")):
            return self._refusal(f"Unauthorized origin: {origin[:100]!r}. Add it to MCP_CORS_ORIGIN.")
        return None

    def refuse_host(self, request: HttpRequest) -> HttpResponse | None:
        """A 403 for a foreign Host, else None."""
        host = request.META.get("HTTP_HOST", "")
        if self._allowed.allows_host(host):
            return None
        return self._refusal(f"Unauthorized host: {host[:100]!r}. Add the name to MCP_ALLOWED_HOSTS.")

    def refuse_probe(self, request: HttpRequest) -> HttpResponse | None:
        """A 403 for a probe that a web page may have sent: by a public name that is not ours, or with an Origin."""
        host = request.META.get("HTTP_HOST", "")
        if "HTTP_ORIGIN" in request.META:
            return self.refuse(request)
        if self._allowed.allows_probe(host):
            return None
        return self._refusal(f"Unauthorized host: {host[:100]!r}. Add the name to MCP_ALLOWED_HOSTS.")

    def preflight(self, request: HttpRequest) -> HttpResponse:
        """The answer to a CORS preflight (Fetch standard section 3.2)."""
        response = HttpResponse(status=204)
        response["Allow"] = ALLOWED_METHODS
        response["Access-Control-Allow-Methods"] = ALLOWED_METHODS
        asked = request.META.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "")
        parameters = [name.strip() for name in asked.split(",") if name.strip().lower().startswith("mcp-param-")]
        response["Access-Control-Allow-Headers"] = ", ".join([_REQUEST_HEADERS, *parameters[:20]])
        response["Access-Control-Max-Age"] = "600"
        return response

    def finish(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Adds the security headers and, for an allowed origin, the CORS ones."""
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        origin = request.META.get("HTTP_ORIGIN")
        if origin is not None and self._allowed.allows_origin(origin):
            response["Access-Control-Allow-Origin"] = "*" if self._allowed.any_origin else origin
            response["Vary"] = "Origin"
            response["Access-Control-Expose-Headers"] = _EXPOSED
            if self._credentials and origin != "null":
                response["Access-Control-Allow-Credentials"] = "true"
        return response

    def _refusal(self, reason: str) -> HttpResponse:
        log.warning("%s", reason)
        error = ProtocolError(INVALID_REQUEST, reason)
        return HttpResponse(messages.encode_error(None, error), status=403, content_type="application/json")
