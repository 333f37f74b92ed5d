"""The MCP endpoint of HTTP: one Django view for ``/sse`` and ``/mcp``, for all revisions and for a bare ``curl``."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from mcp_tools.dispatch.engine import QUICK, Engine
from mcp_tools.dispatch.exchange import Exchange
from mcp_tools.dispatch.reply import Reply
from mcp_tools.protocol import messages
from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError, Unreadable
from mcp_tools.protocol.messages import Batch, Message, Notification, Request
from mcp_tools.transports.http import batches, responses
from mcp_tools.transports.http.callers import SESSION_HEADER, VERSION_HEADER, Callers
from mcp_tools.transports.http.guard import Guard
from mcp_tools.transports.http.stream import ReplyStream


class Disconnection(Protocol):
    """Waits until the client is gone; the lean handler gives one to each request as ``request.disconnected``."""

    def __call__(self) -> Awaitable[None]: ...


class McpView:
    """Callable as a Django view. Everything is refused before it costs anything: Host, Origin, verb, type, shape."""

    def __init__(self, engine: Engine, callers: Callers, guard: Guard) -> None:
        self._engine = engine
        self._callers = callers
        self._guard = guard

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._guard.refuse(request) or await self._by_verb(request)
        return self._guard.finish(request, response)

    async def _by_verb(self, request: HttpRequest) -> HttpResponseBase:
        try:
            if request.method == "POST":
                return await self._post(request)
            if request.method == "OPTIONS":
                return self._guard.preflight(request)
            if request.method == "DELETE" and request.META.get(VERSION_HEADER, "") <= "2025-11-25":
                return await self._delete(request)
            return responses.method_not_allowed(request.META.get(VERSION_HEADER))
        except ProtocolError as error:
            return responses.refusal(error)

    async def _post(self, request: HttpRequest) -> HttpResponseBase:
        if not request.META.get("CONTENT_TYPE", "").lower().startswith("application/json"):
            return responses.unsupported_media_type()
        message = messages.parse(request.body)
        self._check_accept(request)
        if isinstance(message, Batch):
            session = await self._callers.session(request)
            return await batches.answer(self._engine, message, session, request.META.get(VERSION_HEADER))
        exchange = await self._exchange(request, message)
        if isinstance(message, Request):
            return await self._request(request, message, exchange)
        if isinstance(message, Notification) and exchange.session is not None:
            self._engine.hear(message, exchange.session.id)
        return HttpResponse(status=202)

    async def _exchange(self, request: HttpRequest, message: Message) -> Exchange:
        try:
            return await self._callers.exchange(request, message)
        except ProtocolError as error:
            if isinstance(message, Request) and not isinstance(error, Unreadable):
                raise Answered(message.id, error) from None
            raise

    def _check_accept(self, request: HttpRequest) -> None:
        """Both media types must be acceptable to a client that names a revision or a session; others get JSON."""
        if VERSION_HEADER in request.META or SESSION_HEADER in request.META:
            accepted = request.META.get("HTTP_ACCEPT", "*/*")
            if not (
                responses.accepts(accepted, "application/json") and responses.accepts(accepted, "text/event-stream")
            ):
                raise ProtocolError(
                    INVALID_REQUEST,
                    "Not acceptable: Accept must list application/json and text/event-stream",
                    status=406,
                )

    async def _request(self, request: HttpRequest, message: Request, exchange: Exchange) -> HttpResponseBase:
        before = exchange.session
        known_id = before.id if before else None
        scope = known_id or f"post-{id(request)}"
        try:
            self._engine.in_flight.check(scope, message.id)
        except ProtocolError as error:
            return responses.refusal(error, message.id)
        if message.method in QUICK:
            response: HttpResponseBase = responses.of_reply(request, await self._engine.answer(message, exchange))
        else:
            response = await self._slow(request, message, exchange, scope)
        if exchange.session is not None and exchange.session.id != known_id:
            responses.hand_back_session(request, response, exchange.session, self._callers.policy)
        return response

    async def _slow(self, request: HttpRequest, message: Request, exchange: Exchange, scope: str) -> HttpResponseBase:
        stream = ReplyStream()
        if responses.accepts(request.META.get("HTTP_ACCEPT", ""), "text/event-stream"):
            exchange.outlet = stream
        task = self._engine.in_flight.start(scope, message.id, self._engine.answer(message, exchange))
        task.add_done_callback(lambda done: stream.finish(None if done.cancelled() else done.result()))
        try:
            first = await self._first(request, stream)
        except asyncio.CancelledError:
            self._gone(exchange, task)
            raise
        if isinstance(first, Reply):
            return responses.of_reply(request, first)
        return self._streaming(stream, first, exchange, task)

    async def _first(self, request: HttpRequest, stream: ReplyStream) -> bytes | Reply | None:
        """What the request sends first. Raises CancelledError when the client goes away before."""
        disconnected: Disconnection | None = getattr(request, "disconnected", None)
        if disconnected is None:
            return await stream.next()
        first = asyncio.ensure_future(stream.next())
        gone = asyncio.ensure_future(disconnected())
        try:
            await asyncio.wait({first, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
        if not first.done():
            first.cancel()
            raise asyncio.CancelledError
        return first.result()

    def _gone(self, exchange: Exchange, task: asyncio.Task[Any]) -> None:
        """A client that hangs up cancels its request in the stateless era; before, the work goes on."""
        if exchange.stateless:
            task.cancel()

    def _streaming(
        self, stream: ReplyStream, first: bytes | None, exchange: Exchange, task: asyncio.Task[Any]
    ) -> StreamingHttpResponse:
        async def events() -> Any:
            try:
                async for event in stream.events(first):
                    yield event
            finally:
                if not task.done():
                    self._gone(exchange, task)

        return responses.event_stream(events())

    async def _delete(self, request: HttpRequest) -> HttpResponse:
        """Ends the session (2025-11-25 page basic/transports#session-management)."""
        session = await self._callers.session(request)
        if session is None:
            raise ProtocolError(INVALID_REQUEST, "Missing session id: DELETE needs Mcp-Session-Id", status=400)
        self._engine.in_flight.cancel_all(session.id)
        await self._engine.sessions.close(session.id)
        return HttpResponse(status=204)


class Answered(ProtocolError):
    """A refusal that answers a readable request, so it carries the request's id."""

    def __init__(self, request_id: messages.RequestId, error: ProtocolError) -> None:
        super().__init__(error.code, error.message, error.data, status=error.status)
        self.request_id = request_id
