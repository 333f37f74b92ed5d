"""JSON-RPC batches, which exist in revision 2025-03-26 only (page basic/index#batching of that revision)."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from mcp_tools.dispatch.caller import Caller
from mcp_tools.dispatch.engine import Deliver, Engine, unavailable
from mcp_tools.dispatch.reply import Reply
from mcp_tools.dispatch.request_context import NO_CHANNEL, Channel
from mcp_tools.protocol import messages
from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError, Unreadable
from mcp_tools.protocol.messages import Batch, Message, Request
from mcp_tools.protocol.revisions import UNNAMED, V2025_03_26
from mcp_tools.sessions.errors import StateUnavailable


def check(batch: Batch, caller: Caller, limit: int) -> None:
    """Raises -32600 (HTTP 400) for a batch outside its revision or with more than ``limit`` messages."""
    session = caller.session
    unnamed = UNNAMED if caller.transport == "http" else ""
    if session is None or (session.revision or caller.version or unnamed) != V2025_03_26:
        raise ProtocolError(
            INVALID_REQUEST, "Invalid request: batches exist only in a session of revision 2025-03-26", status=400
        )
    if len(batch.items) > limit:
        raise ProtocolError(
            INVALID_REQUEST,
            f"Invalid request: a batch of {len(batch.items)} messages; at most {limit} may be sent together",
            status=400,
        )


async def begin(
    engine: Engine, batch: Batch, caller: Caller, channel: Channel = NO_CHANNEL
) -> Coroutine[Any, Any, bytes | None]:
    """Begins every item in its order; call :func:`check` first.

    Returns what waits for the array of answers, which is None for a batch without requests.
    """
    replies: list[bytes] = []
    running: list[asyncio.Task[Any]] = []

    async def collect(reply: Reply) -> None:
        replies.append(reply.body)

    for item in batch.items:
        refusal = _refusal(item)
        if refusal is not None:
            replies.append(refusal)
        elif not isinstance(item, Unreadable):
            task = await receive_or_log(engine, item, caller, channel, collect)
            running += [task] if task else []
    return _answers(replies, running)


async def receive_or_log(
    engine: Engine, message: Message, caller: Caller, channel: Channel, deliver: Deliver
) -> asyncio.Task[None] | None:
    """:meth:`Engine.receive` where nobody waits for the fate of a message that is not answered: it is logged."""
    try:
        return await engine.receive(message, caller, channel, deliver)
    except StateUnavailable as error:
        unavailable(error)
        return None


async def _answers(replies: list[bytes], running: list[asyncio.Task[Any]]) -> bytes | None:
    await asyncio.gather(*running, return_exceptions=True)
    return b"[" + b",".join(replies) + b"]" if replies else None


def _refusal(item: Message | Unreadable) -> bytes | None:
    """The answer to what may not stand in a batch; None for what may."""
    if isinstance(item, Unreadable):
        return messages.encode_error(item.request_id, item)
    if isinstance(item, Request) and item.method == "initialize":
        return messages.encode_error(item.id, ProtocolError(INVALID_REQUEST, "Invalid request: initialize in a batch"))
    return None
