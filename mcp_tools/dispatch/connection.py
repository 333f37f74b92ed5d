"""A duplex channel: one WebSocket or one stdio process, which carries both directions of one conversation."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

from mcp_tools.dispatch.engine import QUICK, Engine, unavailable
from mcp_tools.dispatch.hub import Listener
from mcp_tools.dispatch.rate_limiter import RateLimited
from mcp_tools.dispatch.reply import Reply
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.dispatch.tool_selection import ToolSelection
from mcp_tools.protocol import attribution, messages, redaction
from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError, Unreadable
from mcp_tools.protocol.messages import Batch, Message, Notification, Request, Response
from mcp_tools.protocol.meta import names_a_revision
from mcp_tools.protocol.revisions import PLAIN, V2025_03_26
from mcp_tools.sessions.errors import StateUnavailable
from mcp_tools.sessions.session import Session

log = logging.getLogger("gauzy_mcp.messages")

DRAIN_SECONDS: Final = 60.0
"""As long as a call may take by default."""

Send = Callable[[bytes], Awaitable[None]]
Deliver = Callable[[Reply], Awaitable[None]]


class Connection:
    """Feeds messages to the engine and sends its answers. A slow request never holds up the next message.

    Ids are unique within the connection; a session may have several connections one after another. ``resumed``
    says that the session is a browser's, found by its cookie; ``narrow`` is what the caller chose when it connected,
    and ``address`` is the client's.
    """

    def __init__(
        self,
        engine: Engine,
        session: Session,
        send: Send,
        *,
        resumed: bool = False,
        selection: ToolSelection | None = None,
        address: str = "",
    ) -> None:
        self._resumed = resumed
        self._selection = selection or ToolSelection()
        self._address = address
        self._engine = engine
        self._session = session
        self.principal = session.principal
        """Whose the connection is. A resumed session says whose it is too, but not what may be done now."""
        self._write = send
        self._scope = secrets.token_hex(8)
        self._gone = asyncio.Event()
        self._listener = Listener(self._tell)
        self._stop_listening: Callable[[], None] | None = None
        self._leave_presence: Callable[[], None] | None = engine.presence.enter(session)
        engine.listen()

    async def send(self, message: bytes) -> None:
        if log.isEnabledFor(logging.DEBUG):
            log.debug("out %s", redaction.shown_message(message))
        await self._write(message)

    async def pause(self, retry_ms: int) -> None:
        """A duplex channel has nothing to come back to: it simply stays."""

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs something beside the messages and keeps hold of it until it is done."""
        self._engine.in_flight.attach(asyncio.create_task(work))

    async def receive(self, data: bytes | str) -> None:
        """Takes one frame or line. Never raises for what is in it: malformed input is answered with an error."""
        if log.isEnabledFor(logging.DEBUG):
            raw = data if isinstance(data, bytes) else data.encode()
            log.debug("in %s", redaction.shown_message(raw))
        try:
            message = messages.parse(data)
        except Unreadable as error:
            await self.send(messages.encode_error(error.request_id, error))
            return
        try:
            await self._engine.rate_limiter.check("request", self.principal.key or self._address)
        except RateLimited as error:
            await self.send(messages.encode_error(message.id if isinstance(message, Request) else None, error))
            return
        if isinstance(message, Batch):
            await self._receive_batch(message)
        else:
            await self._receive_one(message, self._send_reply)

    async def close(self) -> None:
        """Cancels what still runs and waits until it has stopped."""
        self._leave()
        running = self._engine.in_flight.cancel_all(self._scope)
        await asyncio.gather(*running, return_exceptions=True)

    async def drain(self) -> None:
        """Lets what still runs come to its end, except what waits for an answer: nobody can give one any more."""
        self._gone.set()
        self._leave()
        running = self._engine.in_flight.all(self._scope)
        if running:
            await asyncio.wait(running, timeout=DRAIN_SECONDS)
        await self.close()

    def _leave(self) -> None:
        if self._leave_presence is not None:
            self._leave_presence()
            self._leave_presence = None
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None

    async def _receive_one(self, message: Message, deliver: Deliver) -> asyncio.Task[None] | None:
        try:
            if isinstance(message, Notification):
                await self._hear(message)
            elif isinstance(message, Response):
                await self._engine.take(message, self._session)
        except StateUnavailable as error:
            # Nobody waits for an answer to these, but the reason belongs into the log.
            unavailable(error)
        return await self._receive_request(message, deliver) if isinstance(message, Request) else None

    async def _hear(self, notification: Notification) -> None:
        if notification.method == "notifications/initialized" and self._stop_listening is None:
            self._stop_listening = self._engine.hub.add(self._listener)
        await self._engine.hear(notification, self._scope)

    async def _receive_request(self, request: Request, deliver: Deliver) -> asyncio.Task[None] | None:
        try:
            self._engine.in_flight.check(self._scope, request.id)
        except ProtocolError as error:
            await deliver(Reply.refusal(request.id, error))
            return None
        if request.method in QUICK:
            await self._answer(request, deliver)
            return None
        return self._engine.in_flight.start(self._scope, request.id, self._answer(request, deliver))

    async def _answer(self, request: Request, deliver: Deliver) -> None:
        with attribution.message(self._session.label, self.principal.subject):
            await deliver(await self._engine.answer(request, self._context(request)))

    def _context(self, request: Request) -> RequestContext:
        session = self._session
        context = RequestContext(
            "websocket" if self._resumed else session.transport,
            principal=self.principal,
            session=session,
            outlet=self,
        )
        self._selection.apply(context)
        context.address, context.gone = self._address, self._gone
        context.topics, context.session_from_cookie = self._listener.topics, self._resumed
        if not names_a_revision(request.params):
            context.revision = session.revision or PLAIN
            context.client, context.capabilities = session.client, session.capabilities
        return context

    async def _tell(self, method: str, params: dict[str, Any]) -> None:
        await self.send(messages.encode_notification(method, params))

    async def _send_reply(self, reply: Reply) -> None:
        await self.send(reply.body)

    async def _receive_batch(self, batch: Batch) -> None:
        """Batches belong to revision 2025-03-26 alone (page basic/index#batching); ``initialize`` is never in one."""
        if self._session.revision != V2025_03_26:
            error = ProtocolError(INVALID_REQUEST, "Invalid request: batches exist in revision 2025-03-26 only")
            await self.send(messages.encode_error(None, error))
            return
        replies: list[bytes] = []

        async def collect(reply: Reply) -> None:
            replies.append(reply.body)

        tasks: list[asyncio.Task[Any]] = []
        for item in batch.items:
            refusal = refuse_in_batch(item)
            if refusal is not None:
                replies.append(refusal)
            elif not isinstance(item, Unreadable):
                task = await self._receive_one(item, collect)
                tasks += [task] if task else []
        if tasks:
            # Answered from a task of its own, so that the next message need not wait for the batch.
            self._engine.in_flight.attach(asyncio.create_task(self._send_batch(tasks, replies)))
        elif replies:
            await self.send(b"[" + b",".join(replies) + b"]")

    async def _send_batch(self, tasks: list[asyncio.Task[Any]], replies: list[bytes]) -> None:
        await asyncio.gather(*tasks, return_exceptions=True)
        if replies:
            await self.send(b"[" + b",".join(replies) + b"]")


def refuse_in_batch(item: Message | Unreadable) -> bytes | None:
    """The answer to what may not stand in a batch; None for what may."""
    if isinstance(item, Unreadable):
        return messages.encode_error(item.request_id, item)
    if isinstance(item, Request) and item.method == "initialize":
        return messages.encode_error(item.id, ProtocolError(INVALID_REQUEST, "Invalid request: initialize in a batch"))
    return None
