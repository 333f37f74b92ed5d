"""Messages of the HTTP+SSE transport of 2024-11-05: POSTs are accepted at once and answered on the session's stream.

The stream may be open in another process, so everything goes through the event log (see :mod:`.streams`).
"""

from __future__ import annotations

import logging

from django.http import HttpResponse

from mcp_tools.dispatch.caller import Caller
from mcp_tools.dispatch.engine import Engine
from mcp_tools.dispatch.reply import Reply
from mcp_tools.dispatch.request_context import Channel
from mcp_tools.protocol.messages import Message
from mcp_tools.sessions.errors import StateUnavailable
from mcp_tools.sessions.events import STANDALONE
from mcp_tools.sessions.session import Session

log = logging.getLogger("gauzy_mcp.http")


async def post(engine: Engine, message: Message, caller: Caller) -> HttpResponse:
    """202; what comes back comes on the stream of the caller's session."""
    assert caller.session is not None
    engine.listen()
    outlet = LoggedOutlet(engine, caller.session)
    await engine.receive(message, caller, Channel(outlet), outlet.deliver)
    return HttpResponse(status=202)


class LoggedOutlet:
    """Sends by the event log, which the process with the stream follows."""

    def __init__(self, engine: Engine, session: Session) -> None:
        self._engine = engine
        self._session = session

    async def send(self, message: bytes) -> None:
        await self._engine.plane.events.append(self._session.uid, STANDALONE, message)

    async def deliver(self, reply: Reply) -> None:
        try:
            await self.send(reply.body)
        except StateUnavailable as error:
            log.warning("an answer was not delivered: %s", error)

    async def pause(self, retry_ms: int) -> None:
        """The stream of this transport cannot be resumed, so it stays open."""
