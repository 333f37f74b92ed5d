"""Gives each HTTP request and each WebSocket an id, which the log tells with every line, and the answer in a header."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from mcp_tools.protocol import attribution
from mcp_tools.transports.paths import Application

HEADER: Final = b"x-request-id"
_READ: Final = frozenset({HEADER, b"traceparent", b"tracestate"})
_WELL_FORMED: Final = re.compile(rb"[A-Za-z0-9._-]{8,64}")
"""Nothing that could pass for another line or field of a log."""

Vouched = Callable[[str | None], bool]
"""Whether the id that an address sends is taken."""


def identified(application: Application, vouched: Mapping[str, Vouched]) -> Application:
    """``application`` whose requests have ids: the one that a trusted proxy sent along, or a new one.

    ``vouched`` says for each type of ASGI scope, ``http`` and ``websocket``, which peers are such proxies.
    """

    async def named(scope: dict[str, Any], receive: Any, send: Any) -> None:
        trusts = vouched.get(scope["type"])
        if trusts is None:
            await application(scope, receive, send)
            return
        sent = {name: value for name, value in scope["headers"] if name in _READ}
        given = sent.pop(HEADER, b"")
        trace = {name.decode(): value.decode("latin-1") for name, value in sent.items()}
        taken = _WELL_FORMED.fullmatch(given) and trusts((scope.get("client") or [None])[0])
        began = attribution.begin(given.decode() if taken else "", trace)
        header = (HEADER, began.request.encode())

        async def answer(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), header]}
            await send(message)

        await application(scope, receive, answer)

    return named
