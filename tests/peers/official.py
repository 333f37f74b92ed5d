"""The official v2 Python client, connected in each way that a client of ours may choose."""

from __future__ import annotations

from mcp.client import Client
from mcp.client.stdio import StdioServerParameters

from tests.peers.driven import address
from tests.peers.websocket_v2 import websocket
from tests.processes import Server, environment

LEGACY = "legacy"
STATELESS = "2026-07-28"
MODES = [LEGACY, "auto", STATELESS]
"""How the revision is chosen: by the handshake, by ``server/discover``, or without asking."""

REVISIONS = {LEGACY: "2025-11-25", "auto": STATELESS, STATELESS: STATELESS}
"""What each mode comes to with this server."""


def connect(endpoint: str, live: Server, mode: str = LEGACY) -> Client:
    """A client for ``async with``. stdio starts a process of its own, with a home of its own."""
    first, *rest = address(live, endpoint)
    if rest:
        process = StdioServerParameters(command=first, args=rest, env=environment())
        return Client(process, mode=mode, read_timeout_seconds=60)
    return Client(websocket(first) if first.startswith("ws:") else first, mode=mode, read_timeout_seconds=60)
