"""How a process of ``runmcp`` ends: nobody new, running calls finish, sockets are told, history is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final

from gauzy_mcp.wiring import process_assembly

GOING_AWAY: Final = 1001
CALLS_SECONDS: Final = 15.0
"""How long running calls may take to finish; what is left is cancelled, and its caller is told."""

_LEAVE_SECONDS: Final = 5.0


async def take_leave(server: Any, ports: Iterable[Any]) -> None:
    """``server`` is daphne's, ``ports`` are Twisted's, which stop listening first."""
    for port in ports:
        port.stopListening()
    engine = process_assembly().engine
    await engine.aclose()
    await engine.in_flight.settle(CALLS_SECONDS)
    _close_sockets(server)
    await _end(server)
    await process_assembly().stop()


def _close_sockets(server: Any) -> None:
    from daphne.ws_protocol import WebSocketProtocol

    for protocol in list(server.connections):
        if isinstance(protocol, WebSocketProtocol) and protocol.state == protocol.STATE_OPEN:
            protocol.serverClose(GOING_AWAY)


async def _end(server: Any) -> None:
    """Waits for what still answers, and cancels what does not end, such as a stream that only listens."""
    running = [one["application_instance"] for one in server.connections.values() if "application_instance" in one]
    if running:
        _, late = await asyncio.wait(running, timeout=_LEAVE_SECONDS)
        for application in late:
            application.cancel()
        await asyncio.gather(*late, return_exceptions=True)
