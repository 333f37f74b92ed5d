"""The streams that a client opens by GET: the standalone stream of its session, or the rest of a broken one.

Sources: 2025-11-25 page basic/transports (listening for messages, resumability), and 2024-11-05 page
basic/transports (HTTP with SSE), whose clients get every answer on the stream that they open first.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase

from mcp_tools.dispatch.engine import Engine
from mcp_tools.dispatch.hub import Listener
from mcp_tools.dispatch.presence import ENDED
from mcp_tools.protocol import messages
from mcp_tools.protocol.errors import INTERNAL_ERROR, INVALID_REQUEST, ProtocolError
from mcp_tools.protocol.revisions import V2024_11_05
from mcp_tools.sessions import following
from mcp_tools.sessions.errors import StateUnavailable
from mcp_tools.sessions.events import BEGINNING, STANDALONE, Event
from mcp_tools.sessions.session import Session
from mcp_tools.sessions.stopping import stop
from mcp_tools.transports.http import responses, sse
from mcp_tools.transports.http.admission import principal_of
from mcp_tools.transports.http.http_callers import VERSION_HEADER, HttpCallers

log = logging.getLogger("gauzy_mcp.http")

LEGACY_PATH: Final = "/sse"
LEGACY_PARAMETER: Final = "sessionId"
_LAST_EVENT: Final = "HTTP_LAST_EVENT_ID"


class Streams:
    def __init__(self, engine: Engine, callers: HttpCallers) -> None:
        self._engine = engine
        self._plane = engine.plane
        self._callers = callers

    async def open(self, request: HttpRequest) -> HttpResponseBase:
        """The stream that a GET asks for. Raises ProtocolError with the status of the first rule it breaks."""
        if not responses.names(request.META.get("HTTP_ACCEPT", ""), "text/event-stream"):
            raise ProtocolError(INVALID_REQUEST, "Not acceptable: a GET opens a text/event-stream", status=406)
        self._engine.check_stream(principal_of(request))
        self._engine.listen()
        session = await self._callers.session(request)
        if session is None:
            return await self._open_legacy(request)
        last = request.META.get(_LAST_EVENT)
        stream, after = await self._place(session, last)
        return responses.EventStream(self._frames(session, stream, after))

    async def _place(self, session: Session, last: str | None) -> tuple[str, str]:
        """Where to begin: at the end of the standalone stream, or after the event that the client saw last."""
        if last is None:
            return STANDALONE, await self._plane.events.last(session.uid, STANDALONE)
        place = sse.read_wire_id(last)
        if place is None or not await following.exists(self._plane, session.uid, place[0]):
            raise ProtocolError(
                INVALID_REQUEST, "Last-Event-ID names no stream of this session, or one that ended long ago", status=400
            )
        return place

    async def _open_legacy(self, request: HttpRequest) -> HttpResponseBase:
        if request.path != LEGACY_PATH or VERSION_HEADER in request.META or not self._callers.policy.enabled:
            raise ProtocolError(INVALID_REQUEST, "Missing session id: GET needs Mcp-Session-Id", status=400)
        session = await self._engine.open("sse", principal_of(request), self._callers.address(request))
        session.revision = V2024_11_05
        await self._engine.sessions.save(session)
        first = sse.endpoint(self._legacy_endpoint(request, session))
        return responses.EventStream(self._legacy_frames(session, first))

    def _legacy_endpoint(self, request: HttpRequest, session: Session) -> str:
        """Where the client POSTs its messages. What the GET narrows the tools to holds for all of them."""
        selection = self._callers.selection(request)
        query = {LEGACY_PARAMETER: session.id}
        if selection.toolsets is not None:
            query["toolsets"] = ",".join(selection.toolsets)
        if selection.read_only:
            query["readonly"] = "true"
        return f"{request.META.get('SCRIPT_NAME', '').rstrip('/')}{LEGACY_PATH}?{urlencode(query, safe=',')}"

    async def _legacy_frames(self, session: Session, first: bytes) -> AsyncGenerator[bytes, None]:
        """The stream is the session: when the client leaves it, the session ends."""
        try:
            async for data in self._frames(session, STANDALONE, BEGINNING, first):
                yield data
        finally:
            await self._engine.end(session)

    async def _frames(
        self, session: Session, stream: str, after: str, first: bytes = sse.OPENED
    ) -> AsyncGenerator[bytes, None]:
        reader = StreamReader(self._engine, session, stream)
        yield first
        async for event in reader.events(after):
            if event is None:
                yield sse.KEEP_ALIVE
            elif event.message:
                yield sse.frame(event.message, sse.wire_id(stream, event.id))


class StreamReader:
    """Follows one stream for one connection until it ends, the session ends, or another connection takes over."""

    def __init__(self, engine: Engine, session: Session, stream: str) -> None:
        self._engine = engine
        self._plane = engine.plane
        self._session = session
        self._stream = stream
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._wait = min(sse.KEEP_ALIVE_SECONDS, self._plane.sessions.ttl_seconds / 3)
        self._touched = asyncio.get_running_loop().time()

    async def events(self, after: str) -> AsyncIterator[Event | None]:
        """Events, and None when nothing came for a while.

        A stream that cannot be read any more is closed, and the client comes back for the rest.
        """
        with contextlib.ExitStack() as leaving:
            leaving.callback(self._plane.bus.listen(ENDED, self._on_ended))
            leaving.callback(self._engine.presence.enter(self._session))
            following_it = asyncio.create_task(self._follow(after))
            try:
                if self._stream == STANDALONE:
                    leaving.callback(self._engine.hub.add(Listener(self._tell)))
                    await self._take_over(leaving)
                # The session may have ended before its end could be heard here.
                if not await self._plane.sessions.touch(self._session):
                    return
                while True:
                    event = await self._next()
                    if event is _OVER or not await self._alive():
                        return
                    yield event
            except StateUnavailable as error:
                log.warning("a stream of session %s was closed: %s", self._session.label, error)
            finally:
                await stop(following_it)

    async def _follow(self, after: str) -> None:
        lost = interrupted(self._stream)
        try:
            async for event in following.follow(self._plane, self._session.uid, self._stream, after, lost):
                self._queue.put_nowait(event)
        except StateUnavailable as error:
            log.warning("a stream of session %s was closed: %s", self._session.label, error)
        finally:
            self._queue.put_nowait(_OVER)

    async def _next(self) -> Event | None:
        try:
            async with asyncio.timeout(self._wait):
                return await self._queue.get()
        except TimeoutError:
            return None

    async def _alive(self) -> bool:
        """Whether the session goes on; who listens uses it, however much or little there is to hear."""
        now = asyncio.get_running_loop().time()
        if now - self._touched < self._wait / 2:
            return True
        self._touched = now
        return await self._plane.sessions.touch(self._session)

    def _on_ended(self, uid: Any) -> None:
        if uid == self._session.uid:
            self._queue.put_nowait(_OVER)

    async def _take_over(self, leaving: contextlib.ExitStack) -> None:
        """A message goes to one stream only, so a connection that opened the same one before gives way."""
        topic, mine = f"standalone:{self._session.uid}", secrets.token_hex(4)

        def heard(other: Any) -> None:
            if other is not None and other != mine:
                self._queue.put_nowait(_OVER)

        leaving.callback(self._plane.bus.listen(topic, heard))
        await self._plane.bus.publish(topic, mine)

    async def _tell(self, method: str, params: dict[str, Any]) -> None:
        note = messages.encode_notification(method, params)
        await self._plane.events.append(self._session.uid, STANDALONE, note)


_OVER: Final = Event("", b"", end=True)


def interrupted(stream: str) -> bytes:
    """What ends a stream whose process is gone; a write is never run again by itself."""
    error = ProtocolError(
        INTERNAL_ERROR, "Interrupted: the server process stopped; whether the call was done is unknown"
    )
    return messages.encode_error(following.request_of(stream), error)
