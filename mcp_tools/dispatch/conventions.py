"""What OpenTelemetry's conventions for MCP call our transports (page gen-ai/mcp, section CallRecords MCP transport)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NETWORK: Final[Mapping[str, tuple[str, str]]] = {
    "stdio": ("pipe", ""),
    "http": ("tcp", "http"),
    "sse": ("tcp", "http"),
    "websocket": ("tcp", "websocket"),
}
"""``network.transport`` and ``network.protocol.name`` (empty where there is none) of each transport of sessions."""
