"""What a caller narrows the server's tools to: by headers, by the URL, or by a flag of the stdio command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mcp_tools.catalog.tool import Catalog
from mcp_tools.protocol.errors import INVALID_PARAMS, ProtocolError

_YES: Final = ("true", "1", "yes", "on")
_NO: Final = ("false", "0", "no", "off", "")


@dataclass(frozen=True, slots=True)
class ToolSelection:
    """``toolsets`` of None leaves the server's."""

    toolsets: tuple[str, ...] | None = None
    read_only: bool = False


class ToolSelections:
    """Reads a caller's choice and refuses what it does not know."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def combined(
        self, toolsets: str | None, read_only: str | None, url_toolsets: str | None, url_read_only: str | None
    ) -> ToolSelection:
        """The choice of headers (``X-MCP-Toolsets``, ``X-MCP-Readonly``) and URL (``?toolsets=``, ``?readonly=``).

        The header's toolsets count before the URL's, and it is read-only if either says so. Raises as :meth:`read`.
        """
        chosen, in_url = self.read(toolsets or url_toolsets, read_only), self.read(None, url_read_only)
        return ToolSelection(chosen.toolsets, chosen.read_only or in_url.read_only)

    def read(self, toolsets: str | None, read_only: str | None) -> ToolSelection:
        """``toolsets`` are names with commas between them. Raises -32602 (HTTP 400) that lists what is known."""
        names = tuple(sorted({name.strip() for name in (toolsets or "").split(",") if name.strip()}))
        known = self._catalog.toolsets
        if unknown := [name for name in names if name not in known]:
            raise ProtocolError(
                INVALID_PARAMS,
                f"Unknown toolset {', '.join(unknown)[:100]}; known are {', '.join(known)}",
                {"field": "toolsets"},
                status=400,
            )
        wish = (read_only or "").strip().lower()
        if wish not in (*_YES, *_NO):
            raise ProtocolError(
                INVALID_PARAMS, "X-MCP-Readonly and ?readonly= must be true or false", {"field": "readonly"}, status=400
            )
        return ToolSelection(names or None, wish in _YES)
