"""The protocol revisions this server speaks and the two eras they belong to.

The handshake era opens with ``initialize`` and keeps a session (revisions up to 2025-11-25); the stateless
era carries everything in each request's ``_meta`` (2026-07-28, page basic/versioning).
"""

from __future__ import annotations

from typing import Final

V2024_11_05: Final = "2024-11-05"
V2025_03_26: Final = "2025-03-26"
V2025_06_18: Final = "2025-06-18"
V2025_11_25: Final = "2025-11-25"
V2026_07_28: Final = "2026-07-28"

HANDSHAKE: Final = (V2024_11_05, V2025_03_26, V2025_06_18, V2025_11_25)
STATELESS: Final = (V2026_07_28,)

PLAIN: Final = V2025_06_18
"""The shape of answers for a caller that names no revision at all, such as a bare ``curl``."""

UNNAMED: Final = V2025_03_26
"""What a session-bound HTTP request without ``MCP-Protocol-Version`` speaks (2025-06-18, page basic/transports)."""


def negotiate(requested: object) -> str:
    """The revision for an ``initialize`` that asks for ``requested`` (basic/lifecycle, version negotiation)."""
    return requested if isinstance(requested, str) and requested in HANDSHAKE else HANDSHAKE[-1]


def is_stateless(revision: str) -> bool:
    return revision in STATELESS
