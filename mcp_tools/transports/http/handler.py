"""A lean ASGI handler for the MCP view.

Django's stock handler wraps every request in a thread-sensitive context, signals and middleware, which costs
some fifty times the view itself. The MCP view needs none of them: it touches no ORM, no session middleware and
no database connection, so this handler builds the request, awaits the view and writes the response.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponseBase

from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError
from mcp_tools.transports.http import responses

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
View = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


class LeanHandler:
    """``max_body`` bounds the request body, in bytes (MCP_HTTP_MAX_BODY)."""

    def __init__(self, view: View, *, max_body: int) -> None:
        self._view = view
        self._max_body = max_body

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        body = await self._read(receive)
        if body is None:
            return
        if len(body) > self._max_body:
            error = ProtocolError(INVALID_REQUEST, f"Payload too large: at most {self._max_body} bytes", status=413)
            await _write(responses.refusal(error), receive, send)
            return
        request = ASGIRequest(scope, io.BytesIO(body))
        request.disconnected = lambda: _disconnected(receive)  # type: ignore[attr-defined]
        await _write(await self._view(request), receive, send)

    async def _read(self, receive: Receive) -> bytes | None:
        """The body, at most one byte more than allowed; None when the client went away."""
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body: bytes = message.get("body", b"")
        if not message.get("more_body"):
            return body
        parts, size = [body], len(body)
        while message.get("more_body"):
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            size += len(message.get("body", b""))
            if size <= self._max_body:
                parts.append(message.get("body", b""))
        # The rest of an oversized body is read and dropped, so that the client gets to see the answer.
        return b"".join(parts) if size <= self._max_body else b" " * (self._max_body + 1)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(response: HttpResponseBase, receive: Receive, send: Send) -> None:
    headers = [(name.lower().encode("ascii"), value.encode("latin-1")) for name, value in response.items()]
    headers += [(b"set-cookie", morsel.OutputString().encode("ascii")) for morsel in response.cookies.values()]
    start = {"type": "http.response.start", "status": response.status_code, "headers": headers}
    if isinstance(response, responses.EventStream):
        await send(start)
        await _write_while_heard(response, receive, send)
        return
    body: bytes = response.content  # type: ignore[attr-defined]
    if response.status_code != 204 and not response.has_header("content-length"):
        # Without its length a server sends the body in chunks, which copies it; RFC 9110 section 8.6 has none for 204.
        headers.append((b"content-length", str(len(body)).encode("ascii")))
    await send(start)
    await send({"type": "http.response.body", "body": body})


async def _write_while_heard(response: responses.EventStream, receive: Receive, send: Send) -> None:
    """Streams until the end or until the client is gone: servers tell the latter, but cancel nothing."""
    writing = asyncio.ensure_future(_write_stream(response, send))
    gone = asyncio.ensure_future(_disconnected(receive))
    over = [asyncio.ensure_future(response.until())] if response.until is not None else []
    try:
        await asyncio.wait({writing, gone, *over}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ends_early = not (writing.done() or gone.done())
        for task in (writing, gone, *over):
            task.cancel()
        done = await asyncio.gather(writing, return_exceptions=True)
    if ends_early:
        await send({"type": "http.response.body", "body": b""})
    if isinstance(done[0], Exception):
        raise done[0]


async def _write_stream(response: responses.EventStream, send: Send) -> None:
    stream = response.events
    try:
        async for part in stream:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        await stream.aclose()
