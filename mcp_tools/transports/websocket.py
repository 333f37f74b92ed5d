"""WebSocket: one JSON-RPC message per text frame, the connection is the session.

The specification leaves WebSocket to custom transports (page basic/transports#custom-transports); this one does
what the official SDKs' clients expect: subprotocol ``mcp``, echoed when offered. Close codes: RFC 6455 section 7.4.1.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Final

from channels.generic.websocket import AsyncWebsocketConsumer

from mcp_tools.dispatch.connection import Connection
from mcp_tools.dispatch.engine import Engine
from mcp_tools.transports.origins import AllowList

log = logging.getLogger("gauzy_mcp.websocket")

SUBPROTOCOL: Final = "mcp"
GOING_AWAY: Final = 1001
UNSUPPORTED_DATA: Final = 1003
TOO_BIG: Final = 1009


@dataclass(frozen=True, slots=True)
class WebSocketPolicy:
    """``max_payload`` is MCP_WS_MAX_PAYLOAD, in bytes of one message."""

    allowed: AllowList
    max_payload: int


class McpConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One WebSocket connection."""

    def __init__(self, engine: Engine, policy: WebSocketPolicy) -> None:
        super().__init__()
        self._engine = engine
        self._policy = policy
        self._connection: Connection | None = None

    async def connect(self) -> None:
        reason = self._refusal()
        if reason is not None:
            log.warning("%s", reason)
            await self.close()
            return
        session = await self._engine.sessions.open("websocket")
        self._session = session
        self._connection = Connection(self._engine, session, self._send)
        await self.accept(SUBPROTOCOL if SUBPROTOCOL in self.scope["subprotocols"] else None)
        log.info("websocket opened session=%s", session.label)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self._connection is None:
            return
        if text_data is None:
            await self.close(UNSUPPORTED_DATA)
        elif len(text_data) > self._policy.max_payload or len(text_data.encode()) > self._policy.max_payload:
            await self.close(TOO_BIG)
        else:
            await self._connection.receive(text_data)

    async def disconnect(self, code: int) -> None:
        if self._connection is not None:
            await self._connection.close()
            await self._engine.sessions.close(self._session.id)
            log.info("websocket closed session=%s code=%s", self._session.label, code)

    async def _send(self, message: bytes) -> None:
        await self.send(text_data=message.decode())

    def _refusal(self) -> str | None:
        headers: dict[bytes, bytes] = dict(self.scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        if not self._policy.allowed.allows_host(host):
            return f"Unauthorized host: {host[:100]!r}. Add the name to MCP_ALLOWED_HOSTS."
        origin = headers.get(b"origin")
        if origin is not None and not self._policy.allowed.allows_origin(origin.decode("latin-1")):
            return f"Unauthorized origin: {origin.decode('latin-1')[:100]!r}. Add it to MCP_WS_ALLOWED_ORIGINS."
        return None


async def refuse(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answers an upgrade at a path where no WebSocket lives."""
    await receive()
    await send({"type": "websocket.close"})
