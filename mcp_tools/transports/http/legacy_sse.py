"""Messages of the HTTP+SSE transport of 2024-11-05: POSTs are accepted at once and answered on the session's stream.

The stream may be open in another process, so everything goes through the event log (see :mod:`.streams`).
"""

from __future__ import annotations

import logging

from django.http import HttpResponse

from mcp_tools.dispatch.engine import Engine
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.protocol import messages
from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError
from mcp_tools.protocol.messages import Message, Notification, Request
from mcp_tools.protocol.revisions import V2024_11_05
from mcp_tools.sessions.errors import StateUnavailable
from mcp_tools.sessions.events import STANDALONE
from mcp_tools.sessions.session import Session
from oauth_resource.principal import Principal

log = logging.getLogger("gauzy_mcp.http")


class LegacySsePosts:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def post(self, session_id: str, message: Message, principal: Principal) -> HttpResponse:
        """202; what comes back comes on the stream. Raises 404 for a stream that is closed or somebody else's."""
        session = await self._engine.sessions.get(session_id)
        if session is None or session.transport != "sse" or not session.belongs_to(principal):
            raise ProtocolError(INVALID_REQUEST, "Session not found: open the stream again", status=404)
        self._engine.listen()
        if isinstance(message, Request):
            await self._request(message, session, principal)
        elif isinstance(message, Notification):
            await self._engine.hear(message, session.uid, shared=True)
        else:
            await self._engine.take(message, session)
        return HttpResponse(status=202)

    async def _request(self, request: Request, session: Session, principal: Principal) -> None:
        outlet = LoggedOutlet(self._engine, session)
        try:
            self._engine.in_flight.check(session.uid, request.id)
        except ProtocolError as error:
            await outlet.send(messages.encode_error(request.id, error))
            return
        context = RequestContext(
            "sse",
            session.revision or V2024_11_05,
            session.client,
            session.capabilities,
            principal=principal,
            session=session,
            outlet=outlet,
        )
        self._engine.in_flight.start(session.uid, request.id, self._run(request, context, outlet))

    async def _run(self, request: Request, context: RequestContext, outlet: LoggedOutlet) -> None:
        reply = await self._engine.answer(request, context)
        try:
            await outlet.send(reply.body)
        except StateUnavailable as error:
            log.warning("an answer was not delivered: %s", error)


class LoggedOutlet:
    """Sends by the event log, which the process with the stream follows."""

    def __init__(self, engine: Engine, session: Session) -> None:
        self._engine = engine
        self._session = session

    async def send(self, message: bytes) -> None:
        await self._engine.plane.events.append(self._session.uid, STANDALONE, message)

    async def pause(self, retry_ms: int) -> None:
        """The stream of this transport cannot be resumed, so it stays open."""
