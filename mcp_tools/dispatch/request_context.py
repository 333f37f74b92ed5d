"""One request while it is being answered: who asks, in which era and revision, and what may be sent back meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from mcp_tools.protocol import levels, messages, meta
from mcp_tools.protocol.revisions import PLAIN, is_stateless
from mcp_tools.sessions.session import Session, Transport
from oauth_resource.principal import ANONYMOUS, Principal


class Outlet(Protocol):
    """The way to the client for what precedes the answer."""

    async def send(self, message: bytes) -> None:
        """Puts one JSON-RPC message on the wire, before the answer."""

    async def pause(self, retry_ms: int) -> None:
        """Ends the client's connection but not the request; the client comes back for the rest (HTTP alone)."""


@dataclass(slots=True)
class RequestContext:
    """The context of one request. ``session`` is None for a caller that keeps none.

    ``deadline`` is that of a running call; ``log_level`` is what a stateless request wants to hear. ``topics`` are
    the resources that a connection subscribed to, ``header`` reads the HTTP headers that repeat parts of a stateless
    request. ``toolsets`` and ``read_only`` are what the caller narrows the server's tools to. ``recorded`` says that
    observers have been told of the request, ``tool_error`` that a tool's result says isError. ``address`` is the
    client's, empty on stdio. ``visitor`` stands for a
    caller without a session where operators look (:mod:`.anonymous_clients`);
    nothing is ever kept with it. ``gone`` is set when the client cannot answer any more.
    """

    transport: Transport
    revision: str = PLAIN
    client: Mapping[str, Any] = field(default_factory=dict)
    capabilities: Mapping[str, Any] = field(default_factory=dict)
    principal: Principal = ANONYMOUS
    session: Session | None = None
    outlet: Outlet | None = None
    progress_token: str | int | None = None
    session_from_cookie: bool = False
    log_level: str | None = None
    deadline: asyncio.Timeout | None = None
    topics: set[str] | None = None
    header: Callable[[str], str | None] | None = None
    toolsets: tuple[str, ...] | None = None
    read_only: bool = False
    recorded: bool = False
    tool_error: bool = False
    address: str = ""
    visitor: Session | None = None
    gone: asyncio.Event | None = None

    @property
    def stateless(self) -> bool:
        return is_stateless(self.revision)

    @property
    def whose(self) -> Session | None:
        """Whom observers are told of: the session, or the visitor that has none."""
        return self.session or self.visitor

    @property
    def caller(self) -> str:
        """Whom limits count: the principal where there is one, else the client's address."""
        return self.principal.key or self.address

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

    def enter(self, params: Mapping[str, Any]) -> None:
        """Becomes a stateless context as the envelope says. Raises -32602 or -32022."""
        self.read_envelope(params)
        self.check_revision()

    def read_envelope(self, params: Mapping[str, Any]) -> None:
        """Takes revision, client and capabilities from a stateless envelope. Raises -32602 for an incomplete one."""
        envelope = meta.read_envelope(params)
        self.revision = envelope.revision
        self.client = envelope.client_info
        self.capabilities = envelope.capabilities
        self.log_level = envelope.log_level

    def check_revision(self) -> None:
        """Raises -32022 unless the envelope's revision is a stateless one of ours."""
        meta.check_supported(self.revision)
