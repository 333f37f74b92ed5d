"""Gives each HTTP request and each WebSocket an id, which the log tells with every line, and the answer in a header."""

from __future__ import annotations

import re
from typing import Any, Final

from mcp_tools.protocol import attribution
from mcp_tools.transports.paths import Application

HEADER: Final = b"x-request-id"
_READ: Final = frozenset({HEADER, b"traceparent", b"tracestate"})
_WELL_FORMED: Final = re.compile(rb"[A-Za-z0-9._-]{8,64}")
"""Nothing that could pass for another line or field of a log."""


def identified(application: Application) -> Application:
    """``application`` whose requests have ids: the one that a proxy or client sent along, or a new one."""

    async def named(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] not in ("http", "websocket"):
            await application(scope, receive, send)
            return
        sent = {name: value for name, value in scope["headers"] if name in _READ}
        given = sent.pop(HEADER, b"")
        trace = {name.decode(): value.decode("latin-1") for name, value in sent.items()}
        began = attribution.begin(given.decode() if _WELL_FORMED.fullmatch(given) else "", trace)
        header = (HEADER, began.request.encode())

        async def answer(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), header]}
            await send(message)

        await application(scope, receive, answer)

    return named
