"""What GAUZY_MCP_DEBUG=true shows of HTTP: requests and responses with their headers and bodies, redacted."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponseBase

from mcp_tools.protocol import redaction

log = logging.getLogger("gauzy_mcp.messages")


def show_request(request: HttpRequest) -> None:
    """Logs method, path, headers and body."""
    path = redaction.masked(request.get_full_path())
    log.debug("in http %s %s headers=%s", request.method, path, redaction.shown_headers(dict(request.headers)))
    if request.body:
        log.debug("in http body %s", redaction.shown_message(request.body))


def show_response(response: HttpResponseBase) -> None:
    """Logs status, headers and body; the messages of a stream are logged as they are sent."""
    headers = redaction.shown_headers(dict(response.items()))
    if response.streaming:
        log.debug("out http status=%s stream headers=%s", response.status_code, headers)
        return
    body: bytes = response.content  # type: ignore[attr-defined]
    shown = f"({len(body)} bytes, compressed)" if response.has_header("Content-Encoding") else _shown(body)
    log.debug("out http status=%s headers=%s %s", response.status_code, headers, shown)


def _shown(body: bytes) -> str:
    return redaction.shown_message(body) if body else "(no body)"
