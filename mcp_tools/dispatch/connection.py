"""A duplex channel: one WebSocket or one stdio process, which carries both directions of one conversation."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

from mcp_tools.dispatch import batches
from mcp_tools.dispatch.caller import Caller
from mcp_tools.dispatch.engine import Engine
from mcp_tools.dispatch.hub import Listener
from mcp_tools.dispatch.reply import Reply
from mcp_tools.dispatch.request_context import Channel
from mcp_tools.protocol import attribution, messages, redaction
from mcp_tools.protocol.errors import ProtocolError, Unreadable
from mcp_tools.protocol.messages import Batch, Message, Notification, Request, RequestId
from mcp_tools.sessions.session import Session
from oauth_resource.principal import Principal

log = logging.getLogger("gauzy_mcp.messages")

DRAIN_SECONDS: Final = 60.0
"""As long as a call may take by default."""

Send = Callable[[bytes], Awaitable[None]]


class Connection:
    """Feeds messages to the engine and sends its answers. A slow request never holds up the next message.

    ``caller`` has a session, and a scope of its own: a session may have several connections one after another.
    """

    def __init__(self, engine: Engine, caller: Caller, send: Send) -> None:
        if caller.session is None:
            raise ValueError("a connection needs a session")
        self._engine = engine
        self._caller = caller
        self._session = caller.session
        self._write = send
        self._gone = asyncio.Event()
        self._listener = Listener(self._notify)
        self._channel = Channel(self, self._listener.topics, self._gone, self._adopt)
        self.owns_session = not caller.from_cookie
        """Whether the session ends with the connection; one that a cookie named is a browser's."""
        self._stop_listening: Callable[[], None] | None = None
        self._leave_presence: Callable[[], None] | None = engine.presence.enter(self._session)
        engine.listen()

    @property
    def session(self) -> Session:
        """The session of the next message."""
        return self._session

    def renew(self, principal: Principal) -> None:
        """Takes note of what the access token of an open socket allows by now."""
        self._caller = dataclasses.replace(self._caller, principal=principal)

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
        request_id: RequestId | None = None
        try:
            message = await self._read(data)
            request_id = message.id if isinstance(message, Request) else None
            await self._admit(message)
        except ProtocolError as error:
            known = error.request_id if isinstance(error, Unreadable) else request_id
            await self.send(messages.encode_error(known, error))
            return
        await self._receive(message)

    async def close(self) -> None:
        """Cancels what still runs and waits until it has stopped."""
        self._leave()
        running = self._engine.in_flight.cancel_all(self._caller.scope)
        await asyncio.gather(*running, return_exceptions=True)

    async def drain(self) -> None:
        """Lets what still runs come to its end, except what waits for an answer: nobody can give one any more."""
        self._gone.set()
        self._leave()
        running = self._engine.in_flight.all(self._caller.scope)
        if running:
            await asyncio.wait(running, timeout=DRAIN_SECONDS)
        await self.close()

    def _leave(self) -> None:
        self._leave_presence_of_session()
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None

    async def _read(self, data: bytes | str) -> Message | Batch:
        """Raises Unreadable, or RateLimited: what cannot be read counts as a request too."""
        try:
            return messages.parse(data)
        except Unreadable:
            await self._engine.rate_limiter.check("request", self._caller.key)
            raise

    async def _admit(self, message: Message | Batch) -> None:
        """Raises RateLimited, or -32600 for a batch that may not be."""
        cost = 1
        if isinstance(message, Batch):
            batches.check(message, self._caller, self._engine.max_batch)
            cost = len(message.items)
        await self._engine.rate_limiter.check("request", self._caller.key, cost)

    async def _receive(self, message: Message | Batch) -> None:
        if isinstance(message, Notification) and message.method == "notifications/initialized":
            self._listen()
        with attribution.message(self._session.label, self._caller.principal.subject):
            if isinstance(message, Batch):
                answers = await batches.begin(self._engine, message, self._caller, self._channel)
                # Awaited by a task of its own, so that the next message need not wait for the batch.
                self.spawn(self._send_answers(answers))
            else:
                await batches.receive_or_log(self._engine, message, self._caller, self._channel, self._send_reply)

    def _listen(self) -> None:
        if self._stop_listening is None:
            self._stop_listening = self._engine.hub.add(self._listener)

    def _adopt(self, session: Session) -> None:
        self._leave_presence_of_session()
        self._session, self.owns_session = session, True
        self._caller = dataclasses.replace(self._caller, session=session)
        self._leave_presence = self._engine.presence.enter(session)

    def _leave_presence_of_session(self) -> None:
        if self._leave_presence is not None:
            self._leave_presence()
            self._leave_presence = None

    async def _notify(self, method: str, params: dict[str, Any]) -> None:
        await self.send(messages.encode_notification(method, params))

    async def _send_reply(self, reply: Reply) -> None:
        await self.send(reply.body)

    async def _send_answers(self, batch: Coroutine[Any, Any, bytes | None]) -> None:
        answers = await batch
        if answers is not None:
            await self.send(answers)
