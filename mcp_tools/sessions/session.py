"""The record of one connected client: an HTTP session, a WebSocket or a stdio process."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any, Literal

from oauth_resource.principal import ANONYMOUS, Principal

Transport = Literal["http", "websocket", "stdio"]


def new_session_id() -> str:
    """256 random bits of visible ASCII: a signed-in session is a bearer credential (RFC 6750 section 5.2)."""
    return secrets.token_urlsafe(32)


@dataclass(slots=True)
class Session:
    """``created`` and ``last_seen`` are Unix seconds; ``account`` holds the bound Gauzy tokens as plain data."""

    id: str
    transport: Transport
    created: float
    last_seen: float
    revision: str = ""
    client: dict[str, Any] = field(default_factory=dict)
    capabilities: dict[str, Any] = field(default_factory=dict)
    principal: Principal = ANONYMOUS
    account: dict[str, Any] | None = None
    calls: int = 0
    errors: int = 0

    @property
    def label(self) -> str:
        """Enough of the id to find the session in a log, too little to use it."""
        return self.id[:8]
