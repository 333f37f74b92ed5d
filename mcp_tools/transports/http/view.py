"""The MCP endpoint of HTTP: one Django view for ``/sse`` and ``/mcp``, for all revisions and for a bare ``curl``."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable
from typing import Any, Final, Protocol

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from mcp_tools.dispatch import batches
from mcp_tools.dispatch.authorise import InsufficientScope
from mcp_tools.dispatch.caller import Caller
from mcp_tools.dispatch.engine import QUICK, Engine, unavailable
from mcp_tools.dispatch.rate_limiter import RateLimited
from mcp_tools.dispatch.reply import Reply
from mcp_tools.dispatch.request_context import NO_CHANNEL, Channel, RequestContext
from mcp_tools.protocol import eras, messages
from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError, Unreadable
from mcp_tools.protocol.messages import Batch, Message, Request
from mcp_tools.protocol.revisions import STATELESS
from mcp_tools.sessions.errors import CookieOutlived, StateUnavailable
from mcp_tools.sessions.session import Session
from mcp_tools.transports.http import legacy_sse, responses
from mcp_tools.transports.http.admission import SESSION_HEADER, Admission
from mcp_tools.transports.http.debug_log import log, show_request, show_response
from mcp_tools.transports.http.http_callers import VERSION_HEADER, HttpCallers
from mcp_tools.transports.http.origin_policy import OriginPolicy
from mcp_tools.transports.http.stream import Frame, RequestStream
from mcp_tools.transports.http.streams import LEGACY_PARAMETER, Streams
from oauth_resource.resource.authenticator import Refused

PATIENCE_SECONDS: Final = 5.0
"""How long an answer may take before it becomes a stream, which proxies keep open and clients can resume."""


class Disconnection(Protocol):
    """Waits until the client is gone; the lean handler gives one to each request as ``request.disconnected``."""

    def __call__(self) -> Awaitable[None]: ...


class McpView:
    """Callable as a Django view. Everything is refused before it costs anything: Host, Origin, verb, type, shape."""

    def __init__(self, engine: Engine, callers: HttpCallers, guard: OriginPolicy, admission: Admission) -> None:
        self._engine = engine
        self._callers = callers
        self._guard = guard
        self._admission = admission
        self._streams = Streams(engine, callers)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = await self._response(request)
        if log.isEnabledFor(logging.DEBUG):
            show_response(response)
        return response

    async def _response(self, request: HttpRequest) -> HttpResponseBase:
        response = self._guard.refuse(request) or await self._answered(request)
        if isinstance(response, responses.EventStream):
            response.until = self._admission.end_of(request)
        return self._guard.finish(request, response)

    async def _answered(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return self._guard.preflight(request)
        try:
            return await self._counted(request)
        except Refused as refused:
            return responses.challenge(refused.challenge)
        except RateLimited as error:
            return responses.too_many(error)
        except CookieOutlived as error:
            return responses.forget_session(responses.refusal(error), self._callers.policy)
        except ProtocolError as error:
            return responses.refusal(error)
        except StateUnavailable as error:
            return responses.refusal(unavailable(error))

    async def _counted(self, request: HttpRequest) -> HttpResponseBase:
        try:
            await self._admission.enter(request, self._callers.address(request))
        finally:
            # Whose request it is stands in the line of the log, too.
            if log.isEnabledFor(logging.DEBUG):
                show_request(request)
        try:
            response = await self._by_verb(request)
        except (ProtocolError, Refused):
            await self._admission.settle(request)
            raise
        # What was served has been counted before; what is left here is a refusal.
        await self._admission.settle(request)
        return response

    async def _by_verb(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return await self._routed(request)
        except SuspiciousOperation as error:
            # Such as more query parameters than Django reads.
            raise ProtocolError(INVALID_REQUEST, f"Invalid request: {error}", status=400) from None

    async def _routed(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST":
            return await self._post(request)
        version = request.META.get(VERSION_HEADER)
        if request.method not in ("GET", "DELETE") or version in STATELESS:
            return responses.method_not_allowed(version)
        eras.handshake_version(None, version)
        if request.method == "DELETE":
            return await self._delete(request)
        try:
            return await self._streams.open(request)
        except InsufficientScope as error:
            raise self._admission.step_up(request, error.scope) from None

    async def _post(self, request: HttpRequest) -> HttpResponseBase:
        if not request.META.get("CONTENT_TYPE", "").lower().startswith("application/json"):
            return responses.unsupported_media_type()
        message = messages.parse(request.body)
        self._check_accept(request)
        if isinstance(message, Batch):
            return await self._batch(request, message)
        if request.META.get("QUERY_STRING") and LEGACY_PARAMETER in request.GET:
            caller = await self._callers.of_stream(request, request.GET[LEGACY_PARAMETER])
            return await legacy_sse.post(self._engine, message, caller)
        caller = await self._caller(request, message)
        if isinstance(message, Request):
            return await self._request(request, message, caller)
        if caller.session is not None:
            await self._engine.receive(message, caller, NO_CHANNEL, _unanswered)
        return HttpResponse(status=202)

    async def _caller(self, request: HttpRequest, message: Message) -> Caller:
        try:
            return await self._callers.of_message(request, message)
        except ProtocolError as error:
            if isinstance(message, Request) and not isinstance(error, Unreadable | RateLimited | CookieOutlived):
                raise Answered(message.id, error) from None
            raise

    async def _batch(self, request: HttpRequest, batch: Batch) -> HttpResponseBase:
        """The array of answers; 202 without a body for a batch that holds no request."""
        caller = await self._callers.of_batch(request, batch, self._engine.max_batch)
        batches.check(batch, caller, self._engine.max_batch)
        adopted: list[Session] = []
        answers = await (await batches.begin(self._engine, batch, caller, Channel(adopted=adopted.append)))
        response = HttpResponse(status=202) if answers is None else responses.of_json(answers)
        if adopted:
            responses.hand_back_session(request, response, adopted[-1], self._callers.policy)
        return response

    def _check_accept(self, request: HttpRequest) -> None:
        """JSON must be acceptable to a client that names a revision or a session; others get it without asking.

        A client that does not accept text/event-stream is answered in JSON throughout, and cannot be asked anything.
        """
        if (VERSION_HEADER in request.META or SESSION_HEADER in request.META) and not responses.accepts(
            request.META.get("HTTP_ACCEPT", "*/*"), responses.JSON
        ):
            raise ProtocolError(
                INVALID_REQUEST,
                "Not acceptable: Accept must list application/json, and text/event-stream for streams",
                status=406,
            )

    async def _request(self, request: HttpRequest, message: Request, caller: Caller) -> HttpResponseBase:
        known_id = caller.session.id if caller.session else None
        context = self._engine.context(message, caller)
        try:
            self._engine.check(message, context)
        except ProtocolError as error:
            return responses.refusal(error, message.id)
        if message.method in QUICK:
            response: HttpResponseBase = self._of_reply(request, await self._engine.answer(message, context))
        else:
            response = await self._slow(request, message, context)
        if context.session is not None and context.session.id != known_id:
            responses.hand_back_session(request, response, context.session, self._callers.policy)
        return response

    async def _slow(self, request: HttpRequest, message: Request, context: RequestContext) -> HttpResponseBase:
        self._engine.listen()
        stream = RequestStream(self._engine.plane, context.session, message.id)
        streams = (context.stateless or context.session is not None) and responses.names(
            request.META.get("HTTP_ACCEPT", ""), "text/event-stream"
        )
        if streams:
            context.outlet = stream
        task = self._engine.start(message, context, self._run(message, context, stream))
        try:
            first = await self._first(request, stream, opens=streams)
        except asyncio.CancelledError:
            self._gone(context, stream, task)
            raise
        if isinstance(first, Reply):
            return self._of_reply(request, first)
        return responses.EventStream(self._frames(stream, first, context, task))

    def _of_reply(self, request: HttpRequest, reply: Reply) -> HttpResponse:
        if reply.scope:
            raise self._admission.step_up(request, reply.scope)
        return responses.of_reply(request, reply)

    async def _run(self, message: Request, context: RequestContext, stream: RequestStream) -> None:
        try:
            reply = await self._engine.answer(message, context)
        except asyncio.CancelledError:
            await stream.finish(None)
            raise
        await stream.finish(reply)

    async def _first(self, request: HttpRequest, stream: RequestStream, *, opens: bool) -> Frame | Reply:
        """What the request sends first. Raises CancelledError when the client goes away before."""
        disconnected: Disconnection | None = getattr(request, "disconnected", None)
        first = asyncio.ensure_future(self._patiently(stream, opens))
        gone = asyncio.ensure_future(disconnected()) if disconnected is not None else None
        try:
            await asyncio.wait({first, gone} if gone else {first}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if gone is not None:
                gone.cancel()
            if not first.done():
                first.cancel()
        if first.cancelled() or not first.done():
            raise asyncio.CancelledError
        return first.result()

    async def _patiently(self, stream: RequestStream, opens: bool) -> Frame | Reply:
        first = await stream.next(PATIENCE_SECONDS if opens else None)
        if first is None:
            await stream.open()
            first = await stream.next()
        assert first is not None
        return first

    def _gone(self, context: RequestContext, stream: RequestStream, task: asyncio.Task[Any]) -> None:
        """A client that hangs up cancels its request in the stateless era; before, the work goes on."""
        stream.leave()
        if context.stateless:
            task.cancel()

    async def _frames(
        self, stream: RequestStream, first: Frame, context: RequestContext, task: asyncio.Task[Any]
    ) -> AsyncGenerator[bytes, None]:
        try:
            async for data in stream.frames(first):
                yield data
        finally:
            if not task.done():
                self._gone(context, stream, task)

    async def _delete(self, request: HttpRequest) -> HttpResponse:
        """Ends the session (2025-11-25 page basic/transports#session-management)."""
        session = await self._callers.session(request)
        if session is None:
            raise ProtocolError(INVALID_REQUEST, "Missing session id: DELETE needs Mcp-Session-Id", status=400)
        await self._engine.end(session)
        return HttpResponse(status=204)


class Answered(ProtocolError):
    """A refusal that answers a readable request, so it carries the request's id."""

    def __init__(self, request_id: messages.RequestId, error: ProtocolError) -> None:
        super().__init__(error.code, error.message, error.data, status=error.status)
        self.request_id = request_id


async def _unanswered(reply: Reply) -> None:
    """Takes the reply to a message that has none."""
    raise AssertionError("a notification or a response was answered")
