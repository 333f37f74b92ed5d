"""HTTP responses of the MCP endpoint."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from mcp_tools.dispatch.rate_limiter import RateLimited
from mcp_tools.dispatch.reply import Reply
from mcp_tools.protocol import messages
from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError, http_status
from mcp_tools.protocol.messages import RequestId
from mcp_tools.protocol.revisions import HANDSHAKE
from mcp_tools.sessions.session import Session
from mcp_tools.transports.http.origin_policy import ALLOWED_METHODS, SessionPolicy
from oauth_resource.resource.challenges import Challenge

JSON = "application/json"
COMPRESS_FROM = 1400
"""Bytes; what fits one packet is not worth compressing."""


def accepts(header: str, media_type: str) -> bool:
    """Whether an Accept header admits ``media_type`` (RFC 9110 section 12.5.1); quality 0 refuses."""
    main = media_type.split("/")[0]
    for part in header.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        if name.strip() in (media_type, "*/*", f"{main}/*"):
            return parameters.replace(" ", "") not in ("q=0", "q=0.0")
    return False


def names(header: str, media_type: str) -> bool:
    """Whether an Accept header names ``media_type`` itself: ``*/*`` comes from programs that know no streams."""
    return media_type in header.lower() and accepts(header, media_type)


def of_reply(request: HttpRequest, reply: Reply) -> HttpResponse:
    """A JSON-RPC answer as JSON; a prepared one compressed where the client takes gzip."""
    if (
        reply.prepared is not None
        and reply.request_id is not None
        and len(reply.body) >= COMPRESS_FROM
        and "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    ):
        response = HttpResponse(reply.prepared.gzip(reply.request_id), content_type=JSON)
        response["Content-Encoding"] = "gzip"
        return response
    return HttpResponse(reply.body, status=reply.status, content_type=JSON)


def of_json(body: bytes) -> HttpResponse:
    return HttpResponse(body, content_type=JSON)


def refusal(error: ProtocolError, request_id: RequestId | None = None) -> HttpResponse:
    """A JSON-RPC error that precedes any session or engine."""
    body = messages.encode_error(getattr(error, "request_id", request_id), error)
    return HttpResponse(body, status=http_status(error, stateless=True), content_type=JSON)


def too_many(error: RateLimited) -> HttpResponse:
    response = refusal(error)
    for name, value in error.headers.items():
        response[name] = value
    return response


def challenge(told: Challenge) -> HttpResponse:
    """A refusal of OAuth's: its JSON is that of RFC 6749 section 5.2, not JSON-RPC."""
    return HttpResponse(messages.encode(told.body), status=told.status, content_type=JSON, headers=told.headers)


def unsupported_media_type() -> HttpResponse:
    error = ProtocolError(INVALID_REQUEST, "Unsupported media type: send Content-Type: application/json", status=415)
    return refusal(error)


def method_not_allowed(version: str | None) -> HttpResponse:
    """GET and DELETE do not exist for the stateless era (2026-07-28 page basic/transports/streamable-http)."""
    error = ProtocolError(INVALID_REQUEST, "Method not allowed: POST a JSON-RPC message", status=405)
    response = refusal(error)
    response["Allow"] = ALLOWED_METHODS if version is None or version in HANDSHAKE else "POST"
    return response


class EventStream(StreamingHttpResponse):
    """``events`` is the generator itself: Django's wrapper around it passes no cancellation on.

    ``until`` comes to its end with the client's access token, and the stream with it.
    """

    until: Callable[[], Coroutine[Any, Any, None]] | None = None

    def __init__(self, events: AsyncGenerator[bytes, None]) -> None:
        super().__init__(events, content_type="text/event-stream")
        self.events = events
        self["X-Accel-Buffering"] = "no"


def hand_back_session(
    request: HttpRequest, response: HttpResponseBase, session: Session, policy: SessionPolicy
) -> None:
    """Gives a caller its new session: as ``Mcp-Session-Id``, and as a cookie to browsers that signed in."""
    response["Mcp-Session-Id"] = session.id
    if session.account is not None:
        for name in policy.cookies:
            response.set_cookie(
                name, session.id, httponly=True, samesite="Strict", secure=request.is_secure(), path="/"
            )


def forget_session(response: HttpResponse, policy: SessionPolicy) -> HttpResponse:
    """Takes the cookies of a session that is over from a browser, which then begins as a new caller."""
    for name in policy.cookies:
        response.delete_cookie(name, path="/", samesite="Strict")
    return response
