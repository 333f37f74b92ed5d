"""The floor: a raw ASGI application that reads the same POST and answers the same bytes, without any server of ours."""

from __future__ import annotations

from typing import Any

PONG = b'{"jsonrpc":"2.0","result":{},"id":1}'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(PONG)).encode())]


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": PONG})
    elif scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": PONG.decode()})
