"""The MCP endpoint of HTTP: one Django view for ``/sse`` and ``/mcp``, for all revisions and for a bare ``curl``."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable
from typing import Any, Final, Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from mcp_tools.dispatch.engine import QUICK, Engine, unavailable
from mcp_tools.dispatch.rate_limiter import RateLimited
from mcp_tools.dispatch.reply import Reply
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.protocol import messages, redaction
from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError, Unreadable
from mcp_tools.protocol.messages import Batch, Message, Notification, Request, Response
from mcp_tools.sessions.errors import StateUnavailable
from mcp_tools.sessions.session import Session
from mcp_tools.transports.http import batches, responses
from mcp_tools.transports.http.admission import SESSION_HEADER, Admission, principal_of
from mcp_tools.transports.http.callers import VERSION_HEADER, Callers
from mcp_tools.transports.http.legacy_sse import LegacySsePosts
from mcp_tools.transports.http.origin_policy import OriginPolicy
from mcp_tools.transports.http.stream import Frame, RequestStream
from mcp_tools.transports.http.streams import OLD_PARAMETER, Streams
from oauth_resource.resource.authenticator import Refused

log = logging.getLogger("gauzy_mcp.messages")

PATIENCE_SECONDS: Final = 5.0
"""How long an answer may take before it becomes a stream, which proxies keep open and clients can resume."""


class Disconnection(Protocol):
    """Waits until the client is gone; the lean handler gives one to each request as ``request.disconnected``."""

    def __call__(self) -> Awaitable[None]: ...


class McpView:
    """Callable as a Django view. Everything is refused before it costs anything: Host, Origin, verb, type, shape."""

    def __init__(self, engine: Engine, callers: Callers, guard: OriginPolicy, admission: Admission) -> None:
        self._engine = engine
        self._callers = callers
        self._guard = guard
        self._admission = admission
        self._streams = Streams(engine, callers)
        self._old = LegacySsePosts(engine)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
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
        except ProtocolError as error:
            return responses.refusal(error)
        except StateUnavailable as error:
            return responses.refusal(unavailable(error))

    async def _counted(self, request: HttpRequest) -> HttpResponseBase:
        await self._admission.enter(request, self._callers.address(request))
        try:
            response = await self._by_verb(request)
        except ProtocolError:
            await self._admission.settle(request)
            raise
        # What was served has been counted before; what is left here is a refusal.
        await self._admission.settle(request)
        return response

    async def _by_verb(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST":
            return await self._post(request)
        if request.method == "GET":
            return await self._streams.open(request)
        if request.method == "DELETE" and request.META.get(VERSION_HEADER, "") <= "2025-11-25":
            return await self._delete(request)
        return responses.method_not_allowed(request.META.get(VERSION_HEADER))

    async def _post(self, request: HttpRequest) -> HttpResponseBase:
        if not request.META.get("CONTENT_TYPE", "").lower().startswith("application/json"):
            return responses.unsupported_media_type()
        if log.isEnabledFor(logging.DEBUG):
            log.debug("in http %s %s", request.path, redaction.shown_message(request.body))
        message = messages.parse(request.body)
        self._check_accept(request)
        if isinstance(message, Batch):
            session = await self._callers.session(request)
            version = request.META.get(VERSION_HEADER)
            return await batches.answer(self._engine, message, session, version, principal_of(request))
        if request.META.get("QUERY_STRING") and OLD_PARAMETER in request.GET:
            await self._admission.settle(request)
            return await self._old.post(request.GET[OLD_PARAMETER], message, principal_of(request))
        context = await self._context(request, message)
        self._selection(request, context)
        context.address = self._callers.address(request)
        if isinstance(message, Request):
            if context.session is None and message.method != "initialize":
                context.visitor = self._engine.visitors.of(context)
            return await self._request(request, message, context)
        if context.session is not None:
            await self._take(message, context.session)
        return HttpResponse(status=202)

    def _selection(self, request: HttpRequest, context: RequestContext) -> None:
        """``X-MCP-Toolsets`` or ``?toolsets=``, and ``X-MCP-Readonly``: each request chooses for itself."""
        toolsets, read_only = request.META.get("HTTP_X_MCP_TOOLSETS"), request.META.get("HTTP_X_MCP_READONLY")
        if toolsets is None and request.META.get("QUERY_STRING"):
            toolsets = request.GET.get("toolsets")
        if toolsets is not None or read_only is not None:
            self._engine.tool_selections.read(toolsets, read_only).apply(context)

    async def _take(self, message: Notification | Response, session: Session) -> None:
        if isinstance(message, Notification):
            await self._engine.hear(message, session.uid, shared=True)
        else:
            await self._engine.take(message, session)

    async def _context(self, request: HttpRequest, message: Message) -> RequestContext:
        try:
            return await self._callers.context(request, message)
        except ProtocolError as error:
            if isinstance(message, Request) and not isinstance(error, Unreadable | RateLimited):
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

    async def _request(self, request: HttpRequest, message: Request, context: RequestContext) -> HttpResponseBase:
        before = context.session
        known_id = before.id if before else None
        scope = before.uid if before else f"post-{id(request)}"
        try:
            self._engine.in_flight.check(scope, message.id)
        except ProtocolError as error:
            return responses.refusal(error, message.id)
        if message.method in QUICK:
            response: HttpResponseBase = self._of_reply(request, await self._engine.answer(message, context))
        else:
            response = await self._slow(request, message, context, scope)
        if context.session is not None and context.session.id != known_id:
            responses.hand_back_session(request, response, context.session, self._callers.policy)
        return response

    async def _slow(
        self, request: HttpRequest, message: Request, context: RequestContext, scope: str
    ) -> HttpResponseBase:
        self._engine.listen()
        stream = RequestStream(self._engine.plane, context.session, message.id)
        streams = (context.stateless or context.session is not None) and responses.names(
            request.META.get("HTTP_ACCEPT", ""), "text/event-stream"
        )
        if streams:
            context.outlet = stream
        task = self._start(message, context, stream, scope)
        try:
            first = await self._first(request, stream, opens=streams)
        except asyncio.CancelledError:
            self._gone(context, stream, task)
            raise
        if isinstance(first, Reply):
            return self._of_reply(request, first)
        return responses.EventStream(self._frames(stream, first, context, task))

    def _start(
        self, message: Request, context: RequestContext, stream: RequestStream, scope: str
    ) -> asyncio.Task[None]:
        work, visitor = self._run(message, context, stream), context.visitor
        if visitor is None:
            return self._engine.in_flight.start(scope, message.id, work)
        leave = self._engine.presence.enter(visitor)
        task = self._engine.in_flight.start(scope, message.id, work, visitor=visitor.uid)
        task.add_done_callback(lambda _: leave())
        return task

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
        if log.isEnabledFor(logging.DEBUG):
            log.debug("out http status=%s %s", reply.status, redaction.shown_message(reply.body))
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
