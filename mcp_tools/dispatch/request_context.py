"""One request while it is being answered: who asks, in which era and revision, and what may be sent back meanwhile.

States: made (:meth:`RequestContext.of`) → answered by the engine → dropped. A context is also made for a
request whose envelope or headers are wrong: ``refusal`` is its answer, so that it is logged and counted like every
other. Only the task that answers the request changes its context.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from mcp_tools.dispatch.caller import Caller
from mcp_tools.dispatch.observers import CallerDetails
from mcp_tools.protocol import eras, headers, levels, messages, meta
from mcp_tools.protocol.errors import ProtocolError
from mcp_tools.protocol.messages import Request, RequestId
from mcp_tools.protocol.revisions import PLAIN
from mcp_tools.sessions.session import Session, Transport
from oauth_resource.principal import Principal


class Outlet(Protocol):
    """The way to the client for what precedes the answer."""

    async def send(self, message: bytes) -> None:
        """Puts one JSON-RPC message on the wire, before the answer."""

    async def pause(self, retry_ms: int) -> None:
        """Ends the client's connection but not the request; the client comes back for the rest (only HTTP)."""


@dataclass(frozen=True, slots=True)
class Channel:
    """What a way in offers to a running request.

    ``outlet`` is None where nothing can precede the answer. ``topics`` are the resources that a connection subscribed
    to, None where the session keeps them. ``gone`` is set when the client cannot answer any more.
    ``adopted`` hears of a session that takes the place of the caller's.
    """

    outlet: Outlet | None = None
    topics: set[str] | None = None
    gone: asyncio.Event | None = None
    adopted: Callable[[Session], None] | None = None


NO_CHANNEL = Channel()


@dataclass(slots=True)
class RequestContext:
    """``caller`` says who asks; the rest is what becomes of the request.

    ``session`` is the caller's until ``initialize`` or a sign-in opens one. ``deadline`` is that of a running call;
    ``log_level`` is what a stateless request wants to hear. ``recorded`` says that observers have been told of the
    request, ``tool_error`` that a tool's result says isError. ``visitor`` stands for a caller without a session where
    operators look (:mod:`.anonymous_clients`); nothing is ever kept with it. ``details`` are what
    observers were told last.
    """

    caller: Caller
    session: Session | None
    outlet: Outlet | None
    topics: set[str] | None
    gone: asyncio.Event | None
    adopted: Callable[[Session], None] | None
    stateless: bool = False
    revision: str = PLAIN
    client: Mapping[str, Any] = field(default_factory=dict)
    capabilities: Mapping[str, Any] = field(default_factory=dict)
    log_level: str | None = None
    refusal: ProtocolError | None = None
    progress_token: RequestId | None = None
    deadline: asyncio.Timeout | None = None
    recorded: bool = False
    tool_error: bool = False
    visitor: Session | None = None
    details: CallerDetails | None = None

    @classmethod
    def of(cls, request: Request, caller: Caller, channel: Channel = NO_CHANNEL) -> RequestContext:
        """The context of ``request``. The only place where one is made."""
        context = cls(caller, caller.session, channel.outlet, channel.topics, channel.gone, channel.adopted)
        try:
            if eras.is_stateless(request, caller.version):
                context.stateless = True
                context._read_envelope(request)
            else:
                context._continue_session()
        except ProtocolError as error:
            context.refusal = error
        return context

    @property
    def transport(self) -> Transport:
        return self.caller.transport

    @property
    def principal(self) -> Principal:
        return self.caller.principal

    @property
    def address(self) -> str:
        return self.caller.address

    @property
    def session_from_cookie(self) -> bool:
        return self.caller.from_cookie

    @property
    def toolsets(self) -> tuple[str, ...] | None:
        return self.caller.selection.toolsets

    @property
    def read_only(self) -> bool:
        return self.caller.selection.read_only

    @property
    def header(self) -> Callable[[str], str | None] | None:
        """Reads the headers that repeat parts of a stateless request; None where nothing has to repeat them."""
        return self.caller.header if self.stateless else None

    @property
    def whose(self) -> Session | None:
        """Whom observers are told of: the session, or the visitor that has none."""
        return self.session or self.visitor

    def adopt(self, session: Session) -> None:
        """Continues in ``session``, and so does the connection that the request came by."""
        self.session = session
        if self.adopted is not None:
            self.adopted(session)

    async def notify(self, method: str, params: dict[str, Any]) -> None:
        """Sends a notification that belongs to this request; silently nothing where the client cannot hear it."""
        if self.outlet is not None:
            await self.outlet.send(messages.encode_notification(method, params))

    async def log(self, level: str, data: Any, logger: str) -> None:
        """Sends a log message if the client wants its level (page server/utilities/logging)."""
        threshold = self.log_level if self.stateless else (self.session and self.session.log_level) or levels.UNSET
        if threshold is not None and levels.is_heard(level, threshold):
            await self.notify("notifications/message", {"level": level, "logger": logger, "data": data})

    @contextlib.contextmanager
    def waiting_for_the_client(self) -> Iterator[None]:
        """Stops the clock of the call: how long a person thinks does not count."""
        deadline, loop = self.deadline, asyncio.get_running_loop()
        ends = deadline.when() if deadline is not None else None
        if deadline is None or ends is None:
            yield
            return
        left = ends - loop.time()
        deadline.reschedule(None)
        try:
            yield
        finally:
            deadline.reschedule(loop.time() + left)

    def _read_envelope(self, request: Request) -> None:
        """Takes revision, client and capabilities from the request itself.

        Raises in the order of the specification: -32602 for an incomplete envelope, -32020 for a header that differs,
        -32022 for a revision that has no stateless form here (2026-07-28 page basic/transports/streamable-http).
        """
        envelope = meta.read_envelope(request.params)
        self.revision = envelope.revision
        self.client, self.capabilities = envelope.client_info, envelope.capabilities
        self.log_level = envelope.log_level
        if self.caller.header is not None:
            headers.check(request, self.caller.header)
        meta.check_supported(self.revision)

    def _continue_session(self) -> None:
        """What the handshake agreed on; a caller without a session is answered in the shape of :data:`PLAIN`."""
        session = self.session
        if session is None:
            self.revision = self.caller.version or PLAIN
            return
        self.revision = session.revision or self.caller.version or PLAIN
        self.client, self.capabilities = session.client, session.capabilities
