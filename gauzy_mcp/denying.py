"""What daphne does to requests that is mended here: refusing upgrades, and believing a header.

A WebSocket upgrade is refused with a whole HTTP response (ASGI extension websocket.http.response).

daphne itself knows a bare 403, which tells no client where tokens come from. autobahn, on which it stands, can send
status and headers before a handshake is over; uvicorn has the extension.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

from mcp_tools.transports.paths import ROOT_PATH_HEADER

EXTENSION: Final = "websocket.http.response"


def answer_refused_upgrades() -> None:
    """Once per process, and only where daphne serves."""
    from daphne.server import Server
    from daphne.ws_protocol import WebSocketProtocol

    create, reply = Server.create_application, WebSocketProtocol.handle_reply

    def create_application(server: Any, protocol: Any, scope: dict[str, Any]) -> Any:
        if scope["type"] == "websocket":
            scope = {**scope, "extensions": {EXTENSION: {}}}
        return create(server, protocol, scope)

    def handle_reply(protocol: Any, message: dict[str, Any]) -> None:
        if message["type"] == f"{EXTENSION}.start":
            protocol.denial = message
        elif message["type"] == f"{EXTENSION}.body":
            _deny(protocol, message)
        else:
            reply(protocol, message)

    Server.create_application, WebSocketProtocol.handle_reply = create_application, handle_reply


def ignore_root_path_header() -> None:
    """Once per process, and only where daphne serves: it decodes the header as ASCII and answers 500 to other bytes."""
    from daphne.http_protocol import WebRequest

    process = WebRequest.process

    def process_without_it(request: Any) -> Any:
        request.requestHeaders.removeHeader(ROOT_PATH_HEADER)
        return process(request)

    WebRequest.process = process_without_it


def _deny(protocol: Any, message: dict[str, Any]) -> None:
    """Sends what :data:`EXTENSION` began, once its last part is there, and hangs up."""
    protocol.denied = getattr(protocol, "denied", b"") + message.get("body", b"")
    if message.get("more_body"):
        return
    status = protocol.denial["status"]
    headers = [*_written(protocol.denial.get("headers", ())), ("Connection", "close")]
    # Neither daphne's time limit nor an error of the application may answer a second time.
    del protocol.handshake_deferred
    protocol.sendHttpErrorResponse(status, HTTPStatus(status).phrase, headers)
    protocol.sendData(protocol.denied)
    protocol.dropConnection(abort=False)


def _written(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """Raises ValueError for a header that would end another line than its own."""
    written = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    if any(character in text for pair in written for text in pair for character in "\r\n"):
        raise ValueError("a line end in a header")
    return written
