"""Lets a WebSocket under daphne be closed with every code that RFC 6455 section 7.4.1 gives a server.

autobahn, on which daphne stands, reserves the codes below 3000 for itself; ASGI does not (WebSocket close event), and
1001 (going away), 1003 (unsupported data) and 1009 (too big) are exactly what an MCP server has to say.
"""

from __future__ import annotations

from typing import Any

NORMAL = 1000


def allow_every_code() -> None:
    """Once per process, and only where daphne serves: other servers send the code they are given."""
    from daphne.ws_protocol import WebSocketProtocol

    WebSocketProtocol.serverClose = _close


def _close(protocol: Any, code: int | None = None) -> None:
    protocol.sendCloseFrame(code=NORMAL if code is None else code)
