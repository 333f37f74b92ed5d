"""From a request to its answer. Every transport brings its messages here."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mcp_tools.dispatch.anonymous_clients import AnonymousClients
from mcp_tools.dispatch.authorise import STREAM, Policy
from mcp_tools.dispatch.call_records import keepable, readable_refused
from mcp_tools.dispatch.caller import Caller
from mcp_tools.dispatch.client_questions import InputRequired, deliver
from mcp_tools.dispatch.completions import Completions
from mcp_tools.dispatch.hub import Hub
from mcp_tools.dispatch.in_flight import InFlight
from mcp_tools.dispatch.lifecycle import Lifecycle
from mcp_tools.dispatch.lists import ListAnswer
from mcp_tools.dispatch.observers import CallerDetails, Observer, Operation
from mcp_tools.dispatch.presence import ENDED, Presence
from mcp_tools.dispatch.prompts import PromptGets
from mcp_tools.dispatch.rate_limiter import RateLimiter
from mcp_tools.dispatch.reply import Prepared, Reply
from mcp_tools.dispatch.request_context import NO_CHANNEL, Channel, RequestContext
from mcp_tools.dispatch.resource_reads import ResourceReads
from mcp_tools.dispatch.session_opener import SessionOpener
from mcp_tools.dispatch.spans import Spans
from mcp_tools.dispatch.subscriptions import Subscriptions
from mcp_tools.dispatch.tasks import Tasks
from mcp_tools.dispatch.tool_calls import ToolCalls
from mcp_tools.dispatch.tool_selection import ToolSelections
from mcp_tools.protocol import attribution, sieve
from mcp_tools.protocol.errors import INTERNAL_ERROR, ProtocolError, method_not_found
from mcp_tools.protocol.messages import Message, Notification, Request, Response, is_id
from mcp_tools.protocol.meta import progress_token
from mcp_tools.protocol.revisions import HANDSHAKE, STATELESS
from mcp_tools.sessions.backplane import Backplane
from mcp_tools.sessions.errors import StateUnavailable
from mcp_tools.sessions.session import Session, Transport
from oauth_resource.principal import ANONYMOUS, Principal

log = logging.getLogger("gauzy_mcp.engine")

Handler = Callable[[Request, RequestContext], Awaitable[dict[str, Any] | Prepared]]
Deliver = Callable[[Reply], Awaitable[None]]

QUICK: Final = frozenset(
    {
        "initialize", "ping", "server/discover", "logging/setLevel",
        "tools/list", "prompts/list", "resources/list", "resources/templates/list",
    }
)  # fmt: skip
"""Methods answered from memory: no transport needs a task of its own for them, and nobody can cancel them in time."""

CANCEL: Final = "cancel"
LONGEST_TOOL_NAME: Final = 64
_UNAVAILABLE: Final = 503


@dataclass(frozen=True, slots=True)
class Lists:
    tools: ListAnswer
    prompts: ListAnswer
    resources: ListAnswer
    templates: ListAnswer


@dataclass(frozen=True, slots=True)
class Operations:
    """What answers the methods of the protocol."""

    lifecycle: Lifecycle
    lists: Lists
    calls: ToolCalls
    prompts: PromptGets
    reads: ResourceReads
    completions: Completions
    subscriptions: Subscriptions
    tasks: Tasks


class Engine:
    """Answers requests of both eras. Holds no state of any caller; that is in the context and its session.

    ``observer`` is told of every request and of the lives of sessions; ``on_end`` hears the ``uid`` of each session
    that ends, in whichever process. ``max_batch`` is how many messages one batch may have.
    """

    def __init__(
        self,
        operations: Operations,
        plane: Backplane,
        hub: Hub,
        server_info: Mapping[str, Any],
        *,
        tool_selections: ToolSelections,
        rate_limiter: RateLimiter,
        policy: Policy,
        max_in_flight: int,
        observer: Observer,
        visitors: AnonymousClients,
        max_batch: int,
        opener: SessionOpener,
        details: Callable[[RequestContext], CallerDetails],
        on_end: Callable[[str], None],
        spans: Spans | None = None,
    ) -> None:
        self.plane = plane
        self.sessions = plane.sessions
        self.hub = hub
        self.in_flight = InFlight(max_in_flight)
        self._operations = operations
        self._server_info = server_info
        self.tool_selections = tool_selections
        self.rate_limiter = rate_limiter
        self._policy = policy
        self.observer = observer
        self.visitors = visitors
        self.max_batch = max_batch
        self._opener = opener
        self.presence = Presence(plane, observer)
        self._details = details
        self._on_end = on_end
        self._spans = spans
        self._listening = False
        self._handshake, self._stateless = _methods(operations)

    def context(self, request: Request, caller: Caller, channel: Channel = NO_CHANNEL) -> RequestContext:
        """The context in which ``request`` is answered, for every way in."""
        context = RequestContext.of(request, caller, channel)
        keeps_none = context.session is None and request.method != "initialize" and context.refusal is None
        if keeps_none and caller.transport == "http":
            context.visitor = self.visitors.of(context)
        return context

    def check_stream(self, principal: Principal) -> None:
        """Raises InsufficientScope for a principal who may not listen to a session's stream."""
        self._policy.check_method(principal, STREAM)

    def check(self, request: Request, context: RequestContext) -> None:
        """Raises -32600 for a request whose id runs already in its scope, -32029 when too many run there."""
        self.in_flight.check(context.caller.scope, request.id)

    async def receive(
        self, message: Message, caller: Caller, channel: Channel, deliver: Deliver
    ) -> asyncio.Task[None] | None:
        """Takes one message of a connection, a batch or a legacy stream; ``deliver`` gets the reply to a request.

        A request that may take a while runs in the task that is returned. Raises StateUnavailable for a message that
        is not answered and could not be passed on.
        """
        if isinstance(message, Request):
            return await self._receive_request(message, self.context(message, caller, channel), deliver)
        if isinstance(message, Notification):
            await self.hear(message, caller.scope, shared=caller.transport in ("http", "sse"))
        elif caller.session is not None:
            await self.take(message, caller.session)
        return None

    async def _receive_request(
        self, request: Request, context: RequestContext, deliver: Deliver
    ) -> asyncio.Task[None] | None:
        try:
            self.check(request, context)
        except ProtocolError as error:
            await deliver(Reply.refusal(request.id, error))
            return None
        if request.method in QUICK:
            await deliver(await self.answer(request, context))
            return None
        return self.start(request, context, self._answer_to(request, context, deliver))

    def start(self, request: Request, context: RequestContext, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Runs ``work``, which answers ``request``, as a request in flight; call :meth:`check` first."""
        visitor = context.visitor
        if visitor is None:
            return self.in_flight.start(context.caller.scope, request.id, work)
        leave = self.presence.enter(visitor)
        task = self.in_flight.start(context.caller.scope, request.id, work, visitor=visitor.uid)
        task.add_done_callback(lambda _: leave())
        return task

    async def _answer_to(self, request: Request, context: RequestContext, deliver: Deliver) -> None:
        await deliver(await self.answer(request, context))

    async def answer(self, request: Request, context: RequestContext) -> Reply:
        """The answer to ``request``; never raises but for cancellation.

        What goes wrong becomes a JSON-RPC error; the unexpected becomes -32603 with a reference that the log explains.
        """
        began, started = time.time(), time.perf_counter()
        if context.visitor is not None:
            # At the beginning alone: a visit that an operator ended must not go on by the answer to what ran then.
            context.details = self._details(context)
            self.observer.session_seen(context.visitor, context.details)
        whose = context.whose
        attribution.identify(session=whose.label if whose else None, principal=context.principal.subject)
        answer = self._answer(request, context)
        if self._spans is not None:
            answer = self._spans.around(request, context, answer, known=self._knows(request))
        reply = await answer
        if context.session is not None:
            if not (context.recorded and context.details):
                context.details = self._details(context)
            self.observer.session_seen(context.session, context.details)
        if not context.recorded:
            self._tell(request, context, began, time.perf_counter() - started, reply)
        return reply

    async def answer_alone(self, request: Request) -> Reply:
        """The answer to a request of this process itself, as the configured account and in no session."""
        return await self.answer(request, self.context(request, Caller.local(scope="process")))

    async def _answer(self, request: Request, context: RequestContext) -> Reply:
        try:
            if context.refusal is not None:
                raise context.refusal
            handlers = self._stateless if context.stateless else self._handshake
            handler = handlers.get(request.method)
            if handler is None:
                raise method_not_found(request.method)
            self._policy.check_method(context.principal, request.method)
            context.progress_token = progress_token(request.params)
            return Reply.of(request.id, await handler(request, context))
        except InputRequired as required:
            return Reply.of(request.id, sieve.complete(required.result, context.revision, self._server_info))
        except ProtocolError as error:
            return Reply.refusal(request.id, error, stateless=context.stateless)
        except StateUnavailable as error:
            return Reply.refusal(request.id, unavailable(error), stateless=context.stateless)
        except Exception:
            return Reply.refusal(request.id, self._unexpected(request), stateless=context.stateless)

    async def hear(self, notification: Notification, scope: str, *, shared: bool = False) -> None:
        """Takes note of a notification; unknown ones are ignored, as JSON-RPC 2.0 section 4.1 wants.

        ``shared`` says that the request to cancel may run in another process.
        """
        if notification.method != "notifications/cancelled":
            return
        request_id = notification.params.get("requestId")
        if not is_id(request_id):
            return
        if not self.in_flight.cancel(scope, request_id) and shared:
            await self.plane.bus.publish(CANCEL, [scope, request_id])

    async def take(self, response: Response, session: Session) -> bool:
        """Brings a client's answer to the request of ours that waits for it. False when none does."""
        return await deliver(self.plane, session.uid, response)

    def _knows(self, request: Request) -> bool:
        return request.method in self._handshake or request.method in self._stateless

    def _tell(self, request: Request, context: RequestContext, began: float, seconds: float, reply: Reply) -> None:
        # A call that got no further than this: of an unknown tool, or refused before its tool was looked at.
        named = request.params.get("name") if request.method == "tools/call" else None
        tool = named[:LONGEST_TOOL_NAME] if isinstance(named, str) else ""
        arguments = request.params.get("arguments", {}) if tool else None
        self.observer.operation_ended(
            Operation(
                method=request.method if self._knows(request) else "unknown",
                transport=context.transport,
                revision=context.revision if context.revision in (*HANDSHAKE, *STATELESS) else "unknown",
                uid=context.whose.uid if context.whose else "",
                principal=context.principal.key,
                began=began,
                seconds=seconds,
                error=str(reply.code) if reply.code else "",
                tool=tool,
                prompt=self._operations.prompts.named(request),
                outcome="error" if tool else "",
                arguments=keepable(None, arguments),
                readable=readable_refused(None, arguments),
                is_offered=not tool,
                caller=context.details or self._details(context),
            )
        )

    async def open(self, transport: Transport, principal: Principal = ANONYMOUS, address: str = "") -> Session:
        """A new session of a client at ``address``. Raises SessionsAreOff for an HTTP session where there are none."""
        return await self._opener.open(transport, principal, address)

    async def end(self, session: Session, reason: str = "closed") -> None:
        """Ends a session in every process: its requests are cancelled and its streams closed."""
        self.observer.session_ended(session.uid, reason, session)
        log.info("session ended session=%s transport=%s", session.label, session.transport)
        await self.sessions.close(session)
        await self.plane.bus.publish(ENDED, session.uid)

    async def end_by_uid(self, uid: str, reason: str) -> bool:
        """The same for an operator, who knows the session's name and not its id. False when it was not live."""
        was_live = await self.sessions.end(uid)
        # A connection may outlive the record of its session, so it is told in either case.
        await self.plane.bus.publish(ENDED, uid)
        if was_live:
            self.observer.session_ended(uid, reason)
            log.info("session ended session=%s reason=%s", uid, reason)
        return was_live

    async def end_visit(self, visitor: str) -> None:
        """Cancels what runs for a visitor and closes its streams, in every process; nothing keeps it from coming again.

        Raises StateUnavailable.
        """
        await self.plane.bus.publish(ENDED, visitor)
        log.info("visit ended visitor=%s", visitor)

    def listen(self) -> None:
        """Begins to hear what other processes say about requests and sessions of this one. Needs a running loop."""
        if not self._listening:
            self._listening = True
            self.plane.bus.listen(CANCEL, lambda payload: payload and self.in_flight.cancel(*payload))
            self.plane.bus.listen(ENDED, self._ended)
            self.presence.start()

    def _ended(self, uid: str | None) -> None:
        if uid is not None:
            self.in_flight.cancel_all(uid)
            self._on_end(uid)

    async def aclose(self) -> None:
        """Ends what would otherwise run for ever."""
        self._operations.subscriptions.close()
        await self._operations.tasks.aclose()
        await self.presence.aclose()

    def _unexpected(self, request: Request) -> ProtocolError:
        reference = secrets.token_hex(4)
        log.exception("unexpected error reference=%s method=%s", reference, request.method)
        return ProtocolError(INTERNAL_ERROR, f"Internal error (reference {reference})", {"reference": reference})


def unavailable(error: StateUnavailable) -> ProtocolError:
    """The shared state is away: nothing is wrong with the request, and trying again later helps."""
    log.error("%s", error)
    return ProtocolError(
        INTERNAL_ERROR, "The session store is not available; try again in a moment", status=_UNAVAILABLE
    )


def _methods(operations: Operations) -> tuple[Mapping[str, Handler], Mapping[str, Handler]]:
    """The methods of the handshake era and those of the stateless one."""
    lists, lifecycle, subscriptions = operations.lists, operations.lifecycle, operations.subscriptions
    shared: dict[str, Handler] = {
        "tools/list": lists.tools.answer,
        "tools/call": operations.calls.answer,
        "prompts/list": lists.prompts.answer,
        "prompts/get": operations.prompts.answer,
        "resources/list": lists.resources.answer,
        "resources/templates/list": lists.templates.answer,
        "resources/read": operations.reads.answer,
        "completion/complete": operations.completions.answer,
    }
    handshake: dict[str, Handler] = {
        "initialize": lifecycle.initialize,
        "ping": lifecycle.ping,
        "logging/setLevel": lifecycle.set_level,
        "resources/subscribe": subscriptions.subscribe,
        "resources/unsubscribe": subscriptions.unsubscribe,
    }
    stateless: dict[str, Handler] = {
        "server/discover": lifecycle.discover,
        "subscriptions/listen": subscriptions.listen,
        "tasks/get": operations.tasks.get,
        "tasks/update": operations.tasks.update,
        "tasks/cancel": operations.tasks.cancel,
    }
    return {**handshake, **shared}, {**stateless, **shared}
