"""WebSockets of the server under test."""

from __future__ import annotations

import json
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.processes import Server
from tests.transports.calls import message

PAGE = "https://app.example.com"


def dial(live: Server, path: str = "/sse", **options: Any) -> ClientConnection:
    return connect(f"{live.ws}{path}", open_timeout=20, **options)


def exchange(socket: ClientConnection, method: str, params: dict[str, Any] | None = None) -> Any:
    socket.send(json.dumps(message(method, params)))
    return json.loads(socket.recv(timeout=20))
