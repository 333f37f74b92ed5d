"""A soak: sessions open, call and close, and the memory of the process stays where it was after the first ones."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.bench.memory import resident
from tests.bench.raw import RawSocket
from tests.processes import Server, server
from tests.redis_server import private
from tests.sessions.client import BOTH
from tests.transports.calls import message

pytestmark = [pytest.mark.long, pytest.mark.timeout(3600)]

SESSIONS = int(os.environ.get("SOAK_SESSIONS", "10000"))
WARM = SESSIONS // 5
STEPS = 4
SIDE_BY_SIDE = 20
FLAT = 0.05
CALL = {"name": "get_projects", "arguments": {"limit": 1}}
OPENING = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "soak", "version": "1"}}

Session = Callable[[], Awaitable[None]]


@asynccontextmanager
async def of_websocket(running: Server) -> AsyncIterator[Session]:
    async def session() -> None:
        socket = await RawSocket.opened(f"{running.ws}/sse")
        await socket.initialize()
        answer = await socket.ask("tools/call", CALL)
        assert "result" in answer, answer
        await socket.close()

    yield session


@asynccontextmanager
async def of_http(running: Server) -> AsyncIterator[Session]:
    async with aiohttp.ClientSession() as http:

        async def session() -> None:
            headers = {"Accept": BOTH}
            async with http.post(f"{running.http}/mcp", json=message("initialize", OPENING), headers=headers) as answer:
                headers["Mcp-Session-Id"] = answer.headers["Mcp-Session-Id"]
            async with http.post(f"{running.http}/mcp", json=message("tools/call", CALL), headers=headers) as answer:
                assert "result" in await answer.json()
            async with http.delete(f"{running.http}/mcp", headers=headers) as answer:
                assert answer.status == 204

        yield session


async def many(session: Session, count: int) -> None:
    left = iter(range(count))

    async def work() -> None:
        for _ in left:
            await session()

    await asyncio.gather(*(work() for _ in range(SIDE_BY_SIDE)))


async def soak(running: Server, kind: Any) -> list[int]:
    """The memory after the first ``WARM`` sessions and at each step after that, in bytes."""
    async with kind(running) as session:
        await many(session, WARM)
        sizes = [resident(running)]
        for _ in range(STEPS):
            await many(session, (SESSIONS - WARM) // STEPS)
            sizes.append(resident(running))
    return sizes


@pytest.mark.parametrize("kind", [of_websocket, of_http], ids=["websocket", "http"])
@pytest.mark.parametrize("shared", [False, True], ids=["memory", "redis"])
async def test_memory_is_flat(kind: Any, shared: bool) -> None:
    with private() as redis, server({"REDIS_URL": redis.url} if shared else {}) as running:
        sizes = await soak(running, kind)
    shown = ", ".join(f"{size / 2**20:.1f}" for size in sizes)
    growth = max(sizes[1:]) / sizes[0] - 1
    print(f"MiB after {WARM} sessions and at each step to {SESSIONS}: {shown}; growth {growth:+.1%}")
    assert growth <= FLAT, shown
