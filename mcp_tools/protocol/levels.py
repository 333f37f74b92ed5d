"""The levels of log messages to clients (RFC 5424 section 6.2.1; page server/utilities/logging)."""

from __future__ import annotations

from typing import Any, Final

from mcp_tools.protocol.errors import invalid_params

LEVELS: Final = ("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency")
UNSET: Final = "info"
"""What a handshake client hears that never said how much it wants."""


def read_level(value: Any, field: str = "level") -> str:
    """``value`` when it names a level. Raises -32602 otherwise."""
    if value not in LEVELS:
        raise invalid_params(f"{field} must be one of {', '.join(LEVELS)}", {"field": field})
    return str(value)


def is_heard(level: str, threshold: str) -> bool:
    """Whether a message of ``level`` is at least as grave as ``threshold``."""
    return LEVELS.index(level) >= LEVELS.index(threshold)
