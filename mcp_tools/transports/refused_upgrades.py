"""Refusing a WebSocket upgrade with an HTTP response (ASGI extension websocket.http.response)."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

log = logging.getLogger("gauzy_mcp.websocket")

EXTENSION: Final = "websocket.http.response"

Send = Callable[[dict[str, Any]], Awaitable[None]]


async def deny(
    scope: Mapping[str, Any],
    send: Send,
    status: int,
    body: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
) -> None:
    """Answers the upgrade of ``scope`` with ``status`` and ``body`` as JSON; after ``websocket.connect`` was received.

    A server without the extension answers a bare 403.
    """
    if EXTENSION not in (scope.get("extensions") or ()):
        await send({"type": "websocket.close"})
        return
    content = json.dumps(body).encode()
    shown = {"Content-Type": "application/json", "Cache-Control": "no-store", **(headers or {})}
    written = [(name.lower().encode(), value.encode("latin-1")) for name, value in shown.items()]
    written.append((b"content-length", str(len(content)).encode()))
    await send({"type": f"{EXTENSION}.start", "status": status, "headers": written})
    await send({"type": f"{EXTENSION}.body", "body": content})


async def not_found(scope: dict[str, Any], receive: Any, send: Send) -> None:
    """404 for an upgrade at a path where no WebSocket is served."""
    await receive()
    log.warning("no WebSocket is served at %.100r", scope["path"])
    await deny(scope, send, 404, {"error": "No WebSocket is served at this path. Use /mcp or MCP_WS_PATH."})
