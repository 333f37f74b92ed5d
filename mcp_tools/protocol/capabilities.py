"""What a client said it can do (pages basic/lifecycle and client/* of each revision)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mcp_tools.protocol.errors import MISSING_CAPABILITY, ProtocolError

TASKS: Final = "io.modelcontextprotocol/tasks"


def declares(capabilities: Mapping[str, Any], path: Sequence[str]) -> bool:
    """Whether the capability ``path``, outermost name first, was declared.

    Elicitation without details means forms, as before there was another mode (2025-11-25 page client/elicitation).
    """
    found: Any = capabilities
    for name in path:
        if not isinstance(found, Mapping):
            return False
        if name == "form" and isinstance(found, Mapping) and not found.keys() & {"form", "url"}:
            return True
        found = found.get(name)
        if found is None:
            return False
    return True


def declares_tasks(capabilities: Mapping[str, Any]) -> bool:
    """Whether a stateless request takes a task for an answer (extension io.modelcontextprotocol/tasks)."""
    return declares(capabilities, ("extensions", TASKS))


def missing(path: Sequence[str]) -> ProtocolError:
    """-32021: the request cannot be served without a capability its client did not declare (2026-07-28 basic/index)."""
    required: dict[str, Any] = {}
    for name in reversed(path):
        required = {name: required}
    return ProtocolError(
        MISSING_CAPABILITY,
        f"This request needs the client capability {'.'.join(path)}",
        {"requiredCapabilities": required},
    )
