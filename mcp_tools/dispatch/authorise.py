"""The one place that decides who may call what."""

from __future__ import annotations

from mcp_tools.catalog.tool import Tool
from oauth_resource.principal import Principal


class Denied(Exception):
    """The caller may not do this; ``message`` is for the caller."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Policy:
    """What this server lets happen, whoever asks. ``read_only`` wins over everything."""

    def __init__(self, *, read_only: bool = False) -> None:
        self._read_only = read_only

    def check(self, principal: Principal, tool: Tool, *, read_only: bool = False) -> None:
        """Raises :class:`Denied` unless ``principal`` may call ``tool``; ``read_only`` is what the request asks for."""
        if self._read_only and tool.scope != "mcp.read":
            raise Denied(f"{tool.name} changes data, and this server is read-only (MCP_READ_ONLY=true).")
        if read_only and tool.scope != "mcp.read":
            raise Denied(f"{tool.name} changes data, and this request is read-only (X-MCP-Readonly).")

    def allows(self, principal: Principal, tool: Tool, *, read_only: bool = False) -> bool:
        """Whether :meth:`check` would pass."""
        try:
            self.check(principal, tool, read_only=read_only)
        except Denied:
            return False
        return True
