"""JSON-RPC batches by HTTP, which revision 2025-03-26 alone has (page basic/transports of that revision)."""

from __future__ import annotations

import asyncio

from django.http import HttpResponse

from mcp_tools.dispatch.connection import refuse_in_batch
from mcp_tools.dispatch.engine import Engine
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.protocol import messages
from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError, Unreadable
from mcp_tools.protocol.messages import Batch, Message, Notification, Response
from mcp_tools.protocol.revisions import V2025_03_26
from mcp_tools.sessions.session import Session
from mcp_tools.transports.http.callers import batch_revision
from oauth_resource.principal import Principal


async def answer(
    engine: Engine, batch: Batch, session: Session | None, version: str | None, principal: Principal
) -> HttpResponse:
    """The array of answers; 202 without a body for a batch that holds no request. Raises -32600 in other revisions."""
    if batch_revision(session, version) != V2025_03_26 or session is None:
        raise ProtocolError(INVALID_REQUEST, "Invalid request: batches exist in revision 2025-03-26 only", status=400)
    replies = await asyncio.gather(*(_one(engine, item, session, principal) for item in batch.items))
    answers = [reply for reply in replies if reply is not None]
    if not answers:
        return HttpResponse(status=202)
    return HttpResponse(b"[" + b",".join(answers) + b"]", content_type="application/json")


async def _one(engine: Engine, item: Message | Unreadable, session: Session, principal: Principal) -> bytes | None:
    refusal = refuse_in_batch(item)
    if refusal is not None or isinstance(item, Unreadable):
        return refusal
    if isinstance(item, Notification):
        await engine.hear(item, session.uid, shared=True)
        return None
    if isinstance(item, Response):
        await engine.take(item, session)
        return None
    try:
        engine.in_flight.check(session.uid, item.id)
    except ProtocolError as error:
        return messages.encode_error(item.id, error)
    context = RequestContext(
        "http", V2025_03_26, session.client, session.capabilities, principal=principal, session=session
    )
    task = engine.in_flight.start(session.uid, item.id, engine.answer(item, context))
    await asyncio.wait({task})
    return None if task.cancelled() else task.result().body
