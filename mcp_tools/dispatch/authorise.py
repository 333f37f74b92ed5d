"""The one place that decides who may call what."""

from __future__ import annotations

import logging
from typing import Final

from mcp_tools.catalog.tool import Tool
from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError
from oauth_resource.principal import Principal
from oauth_resource.scopes import ADMIN, READ, expanded, step_up

log = logging.getLogger("gauzy_mcp.audit")

STREAM: Final = "GET"
"""Listening to the stream of a session, as HTTP clients do by GET."""

READING: Final = frozenset(
    {
        "prompts/get",
        "resources/read",
        "resources/subscribe",
        "resources/unsubscribe",
        "completion/complete",
        "subscriptions/listen",
        "tasks/get",
        "tasks/update",
        "tasks/cancel",
        STREAM,
    }
)
"""Methods besides tools/call that show what is in Gauzy, or what a call made of it."""


class Denied(Exception):
    """The caller may not do this; ``message`` is for the caller."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InsufficientScope(ProtocolError):
    """The caller's token does not reach this far. ``scope`` names all that the request needs, for one step up.

    Over HTTP it becomes a 403 with a challenge (RFC 6750 section 3.1), elsewhere this JSON-RPC error.
    """

    def __init__(self, scope: str) -> None:
        super().__init__(
            INVALID_REQUEST,
            f"Insufficient scope: this needs an access token with {scope}",
            {"error": "insufficient_scope", "scope": scope},
            status=403,
        )
        self.scope = scope


class Policy:
    """What this server lets happen, whoever asks. ``read_only`` wins over everything.

    ``required_scopes`` are those that every request needs (MCP_AUTH_REQUIRED_SCOPES); None without authentication,
    where scopes mean nothing.
    """

    def __init__(self, *, read_only: bool = False, required_scopes: tuple[str, ...] | None = None) -> None:
        self._read_only = read_only
        self._required_scopes = required_scopes

    def check(self, principal: Principal, tool: Tool, *, read_only: bool = False) -> None:
        """Raises :class:`Denied` or :class:`InsufficientScope` unless ``principal`` may call ``tool``.

        ``read_only`` is what the request asks for.
        """
        if self._read_only and not tool.leaves_gauzy_alone:
            raise Denied(f"{tool.name} changes data, and this server is read-only (MCP_READ_ONLY=true).")
        if read_only and not tool.leaves_gauzy_alone:
            raise Denied(f"{tool.name} changes data, and this request is read-only (X-MCP-Readonly).")
        self.check_scope(principal, tool.scope or ADMIN, tool.name)

    def check_method(self, principal: Principal, method: str) -> None:
        """Raises :class:`InsufficientScope` unless ``principal`` may use ``method``, one without a tool."""
        if self._required_scopes is not None and method in READING:
            self.check_scope(principal, READ, method)

    def allows(self, principal: Principal, tool: Tool, *, read_only: bool = False) -> bool:
        """Whether :meth:`check` would pass."""
        if (read_only or self._read_only) and not tool.leaves_gauzy_alone:
            return False
        return not self._missing(principal, tool.scope or ADMIN)

    def reach(self, principal: Principal) -> frozenset[str] | None:
        """What :meth:`allows` depends on besides its arguments: equal for principals who may call the same tools."""
        if self._required_scopes is None:
            return None
        return frozenset(scope for scope in expanded(principal.scopes) if scope.startswith("mcp."))

    def check_scope(self, principal: Principal, scope: str, what: str) -> None:
        """Raises :class:`InsufficientScope` unless ``principal`` has ``scope``, which ``what`` needs."""
        needed = self._missing(principal, scope)
        if needed:
            log.info("denied what=%s needs=%s", what, needed)
            raise InsufficientScope(needed)

    def _missing(self, principal: Principal, scope: str) -> str:
        """The scope value to step up to, with what the token has of ours already; empty when nothing is missing."""
        if self._required_scopes is None:
            return ""
        granted = expanded(principal.scopes)
        if scope in granted and granted.issuperset(self._required_scopes):
            return ""
        return step_up(principal.scopes, (*self._required_scopes, scope))
