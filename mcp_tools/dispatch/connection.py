"""A duplex channel: one WebSocket or one stdio process, which carries both directions of one conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from mcp_tools.dispatch.engine import QUICK, Engine
from mcp_tools.dispatch.exchange import Exchange
from mcp_tools.dispatch.reply import Reply
from mcp_tools.protocol import messages
from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError, Unreadable
from mcp_tools.protocol.messages import Batch, Message, Notification, Request
from mcp_tools.protocol.meta import names_a_revision
from mcp_tools.protocol.revisions import PLAIN, V2025_03_26
from mcp_tools.sessions.session import Session

Send = Callable[[bytes], Awaitable[None]]


class Connection:
    """Feeds messages to the engine and sends its answers. A slow request never holds up the next message."""

    def __init__(self, engine: Engine, session: Session, send: Send) -> None:
        self._engine = engine
        self._session = session
        self._send = send

    async def send(self, message: bytes) -> None:
        await self._send(message)

    async def receive(self, data: bytes | str) -> None:
        """Takes one frame or line. Never raises for what is in it: malformed input is answered with an error."""
        try:
            message = messages.parse(data)
        except Unreadable as error:
            await self._send(messages.encode_error(error.request_id, error))
            return
        if isinstance(message, Batch):
            await self._receive_batch(message)
        else:
            await self._receive_one(message, self._send_reply)

    async def close(self) -> None:
        """Cancels what still runs and waits until it has stopped."""
        running = self._engine.in_flight.cancel_all(self._session.id)
        await asyncio.gather(*running, return_exceptions=True)

    async def drain(self) -> None:
        """Waits for what still runs, without cancelling it."""
        await asyncio.gather(*self._engine.in_flight.all(self._session.id), return_exceptions=True)

    async def _receive_one(
        self, message: Message, deliver: Callable[[Reply], Awaitable[None]]
    ) -> asyncio.Task[None] | None:
        if isinstance(message, Notification):
            self._engine.hear(message, self._session.id)
            return None
        if not isinstance(message, Request):
            return None
        try:
            self._engine.in_flight.check(self._session.id, message.id)
        except ProtocolError as error:
            await deliver(Reply.refusal(message.id, error))
            return None
        if message.method in QUICK:
            await self._answer(message, deliver)
            return None
        return self._engine.in_flight.start(self._session.id, message.id, self._answer(message, deliver))

    async def _answer(self, request: Request, deliver: Callable[[Reply], Awaitable[None]]) -> None:
        await deliver(await self._engine.answer(request, self._exchange(request)))

    def _exchange(self, request: Request) -> Exchange:
        session = self._session
        exchange = Exchange(session.transport, principal=session.principal, session=session, outlet=self)
        if not names_a_revision(request.params):
            exchange.revision = session.revision or PLAIN
            exchange.client, exchange.capabilities = session.client, session.capabilities
        return exchange

    async def _send_reply(self, reply: Reply) -> None:
        await self._send(reply.body)

    async def _receive_batch(self, batch: Batch) -> None:
        """Batches belong to revision 2025-03-26 alone (page basic/index#batching); ``initialize`` is never in one."""
        if self._session.revision != V2025_03_26:
            error = ProtocolError(INVALID_REQUEST, "Invalid request: batches exist in revision 2025-03-26 only")
            await self._send(messages.encode_error(None, error))
            return
        replies: list[bytes] = []

        async def collect(reply: Reply) -> None:
            replies.append(reply.body)

        tasks: list[asyncio.Task[Any]] = []
        for item in batch.items:
            refusal = _refuse_in_batch(item)
            if refusal is not None:
                replies.append(refusal)
            elif not isinstance(item, Unreadable):
                task = await self._receive_one(item, collect)
                tasks += [task] if task else []
        if tasks:
            # Answered from a task of its own, so that the next message need not wait for the batch.
            self._engine.in_flight.attach(asyncio.create_task(self._send_batch(tasks, replies)))
        elif replies:
            await self._send(b"[" + b",".join(replies) + b"]")

    async def _send_batch(self, tasks: list[asyncio.Task[Any]], replies: list[bytes]) -> None:
        await asyncio.gather(*tasks, return_exceptions=True)
        if replies:
            await self._send(b"[" + b",".join(replies) + b"]")


def _refuse_in_batch(item: Message | Unreadable) -> bytes | None:
    if isinstance(item, Unreadable):
        return messages.encode_error(item.request_id, item)
    if isinstance(item, Request) and item.method == "initialize":
        return messages.encode_error(item.id, ProtocolError(INVALID_REQUEST, "Invalid request: initialize in a batch"))
    return None
