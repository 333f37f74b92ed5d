"""The record of one connected client: an HTTP session, a WebSocket or a stdio process."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any, Literal

from oauth_resource.principal import ANONYMOUS, Principal

Transport = Literal["http", "websocket", "stdio", "sse"]
"""``sse`` is the HTTP+SSE transport of 2024-11-05, whose session is its stream."""


def new_session_id() -> str:
    """256 random bits of visible ASCII: a signed-in session is a bearer credential (RFC 6750 section 5.2)."""
    return secrets.token_urlsafe(32)


@dataclass(slots=True)
class Session:
    """``created`` and ``last_seen`` are Unix seconds; ``account`` holds the bound Gauzy tokens as plain data, or under
    OAuth what the session changed of its principal's account.

    ``id`` is the secret that the client repeats; ``uid`` is our own name of the session,
    which stays, opens nothing and may stand in logs and keys.
    """

    id: str
    transport: Transport
    created: float
    last_seen: float
    uid: str = field(default_factory=lambda: secrets.token_hex(8))
    revision: str = ""
    client: dict[str, Any] = field(default_factory=dict)
    capabilities: dict[str, Any] = field(default_factory=dict)
    principal: Principal = ANONYMOUS
    account: dict[str, Any] | None = None
    log_level: str | None = None
    calls: int = 0
    errors: int = 0

    def belongs_to(self, principal: Principal) -> bool:
        """Whether ``principal`` opened the session: under OAuth it answers to nobody else, whoever knows its id."""
        return self.principal.key == principal.key

    @property
    def label(self) -> str:
        """What a log line calls the session."""
        return self.uid
