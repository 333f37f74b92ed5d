"""What a WebSocket session costs: ``IDLE`` of them that say nothing and ``BUSY`` that call, in one process.

``python -m tests.bench.memory`` alone; ``make bench`` runs it with the rest.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from typing import Any

import psutil

from tests.bench.raw import RawSocket
from tests.processes import Server, server

IDLE = int(os.environ.get("BENCH_IDLE", "1000"))
BUSY = int(os.environ.get("BENCH_BUSY", "200"))
CALLS = 10
WARM = 50
CALL = {"name": "get_server_info", "arguments": {}}


def resident(running: Server) -> int:
    """Bytes of memory that the process holds."""
    return int(psutil.Process(running.process.pid).memory_info().rss)


async def sockets(running: Server, count: int) -> list[RawSocket]:
    opened = []
    for _ in range(count):
        socket = await RawSocket.opened(f"{running.ws}/sse")
        await socket.initialize()
        opened.append(socket)
    return opened


async def busy(running: Server) -> float:
    """Calls per second of ``BUSY`` sessions side by side, all of which have to be answered."""
    opened = await sockets(running, BUSY)

    async def work(socket: RawSocket) -> None:
        for _ in range(CALLS):
            answer = await socket.ask("tools/call", CALL)
            assert "result" in answer, json.dumps(answer)[:300]

    began = time.perf_counter()
    await asyncio.gather(*map(work, opened))
    took = time.perf_counter() - began
    for socket in opened:
        await socket.close()
    return BUSY * CALLS / took


async def lost(opened: list[RawSocket]) -> int:
    """How many of the sockets do not answer any more."""
    answers: list[Any] = await asyncio.gather(*(socket.ask("ping") for socket in opened), return_exceptions=True)
    return sum(not isinstance(answer, dict) or "result" not in answer for answer in answers)


async def measure(running: Server) -> None:
    for socket in await sockets(running, WARM):
        await socket.ask("tools/call", CALL)
        await socket.close()
    before = resident(running)
    opened = await sockets(running, IDLE)
    held = resident(running) - before
    print(f"WebSocket sessions, one process: {before / 2**20:.0f} MiB before")
    print(f"  {IDLE} idle          {held / 1024 / IDLE:8.1f} KiB each ({held / 2**20:.1f} MiB)")
    rate = await busy(running)
    missing = await lost(opened)
    print(f"  {BUSY} busy beside   {rate:8.0f} calls/s, {missing} of {IDLE} idle ones lost")
    for socket in opened:
        await socket.close()
    print(f"  after all closed   {(resident(running) - before) / 2**20:8.1f} MiB more than before")


def main() -> None:
    with server() as running:
        asyncio.run(measure(running))


if __name__ == "__main__":
    main()
