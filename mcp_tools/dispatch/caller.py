"""Who calls, and by which way in. Each edge makes this once: a POST, a batch, a connection, a process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from mcp_tools.dispatch.tool_selection import ToolSelection
from mcp_tools.sessions.session import Session, Transport
from oauth_resource.principal import ANONYMOUS, Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Everything that rules need to know about who sent a request. No field has a default, so no edge forgets one.

    ``address`` is the client's, seen through trusted proxies; only stdio has none. ``session`` is None for a caller
    that keeps none, and ``from_cookie`` says that a cookie named it. ``scope`` is where request ids are unique and
    requests can be cancelled: a session, a connection, or a single POST. ``version`` is the MCP-Protocol-Version
    header and ``header`` reads any header, for HTTP requests; both are None elsewhere. Raises ValueError for a caller
    that rate limits could not tell from others.
    """

    transport: Transport
    principal: Principal
    address: str
    session: Session | None
    from_cookie: bool
    selection: ToolSelection
    scope: str
    version: str | None
    header: Callable[[str], str | None] | None

    def __post_init__(self) -> None:
        if self.transport != "stdio" and not self.address:
            raise ValueError(f"a caller over {self.transport} needs an address")

    @property
    def key(self) -> str | None:
        """Whom rate limits count: the principal where there is one, else the address. None for stdio, not counted."""
        return self.principal.key or self.address or None

    @classmethod
    def local(cls, *, scope: str, session: Session | None = None, selection: ToolSelection | None = None) -> Self:
        """The person at this machine: over stdio, or a command of this project."""
        return cls(
            transport="stdio",
            principal=ANONYMOUS,
            address="",
            session=session,
            from_cookie=False,
            selection=selection or ToolSelection(),
            scope=scope,
            version=None,
            header=None,
        )
