"""WebSocket clients that tests open, ask and watch."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Iterator
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.transports.calls import message

_ids = itertools.count(1)
_CLIENT = {"name": "socket", "version": "1"}


@contextlib.contextmanager
def socket(base_url: str, **options: Any) -> Iterator[ClientConnection]:
    with connect(f"{base_url}/sse", **options) as opened:
        yield opened


def say(socket: ClientConnection, method: str, params: dict[str, Any] | None = None) -> int:
    """Sends a request and answers its id."""
    number = next(_ids)
    socket.send(json.dumps(message(method, params, number)))
    return number


def ask(socket: ClientConnection, method: str, params: dict[str, Any] | None = None) -> Any:
    number = say(socket, method, params)
    while True:
        answer = json.loads(socket.recv(timeout=30))
        if answer.get("id") == number:
            return answer


def initialize(socket: ClientConnection) -> Any:
    params = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": _CLIENT}
    return ask(socket, "initialize", params)["result"]


def call(socket: ClientConnection, name: str, **arguments: Any) -> Any:
    return ask(socket, "tools/call", {"name": name, "arguments": arguments})["result"]


def name_of(socket: ClientConnection) -> str:
    """Our name of the socket's session."""
    return str(call(socket, "get_session_info")["structuredContent"]["session"])


def closing(socket: ClientConnection) -> int | None:
    """Reads until the server closes, and answers the code."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=30)
    return socket.close_code
