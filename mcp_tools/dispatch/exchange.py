"""One request while it is being answered: who asks, in which era and revision, and what may be sent back meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from mcp_tools.protocol import messages, meta
from mcp_tools.protocol.revisions import PLAIN, is_stateless
from mcp_tools.sessions.session import Session, Transport
from oauth_resource.principal import ANONYMOUS, Principal


class Outlet(Protocol):
    """The way to the client for what precedes the answer."""

    async def send(self, message: bytes) -> None:
        """Puts one JSON-RPC message on the wire, before the answer."""


@dataclass(slots=True)
class Exchange:
    """The context of one request. ``session`` is None for a caller that keeps none."""

    transport: Transport
    revision: str = PLAIN
    client: Mapping[str, Any] = field(default_factory=dict)
    capabilities: Mapping[str, Any] = field(default_factory=dict)
    principal: Principal = ANONYMOUS
    session: Session | None = None
    outlet: Outlet | None = None
    progress_token: str | int | None = None
    session_from_cookie: bool = False

    @property
    def stateless(self) -> bool:
        return is_stateless(self.revision)

    async def notify(self, method: str, params: dict[str, Any]) -> None:
        """Sends a notification that belongs to this request; silently nothing where the client cannot hear it."""
        if self.outlet is not None:
            await self.outlet.send(messages.encode_notification(method, params))

    def enter(self, params: Mapping[str, Any]) -> None:
        """Becomes a stateless exchange as the envelope says. Raises -32602 or -32022."""
        self.read_envelope(params)
        self.check_revision()

    def read_envelope(self, params: Mapping[str, Any]) -> None:
        """Takes revision, client and capabilities from a stateless envelope. Raises -32602 for an incomplete one."""
        envelope = meta.read_envelope(params)
        self.revision = envelope.revision
        self.client = envelope.client_info
        self.capabilities = envelope.capabilities

    def check_revision(self) -> None:
        """Raises -32022 unless the envelope's revision is a stateless one of ours."""
        meta.check_supported(self.revision)
