"""One server whose words to Redis are counted and may be held up, and a client of it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import httpx

from tests.processes import server
from tests.sessions.conftest import CALM
from tests.sessions.planes import until
from tests.sessions.proxy import Proxy
from tests.transports.calls import message

BOTH = "application/json, text/event-stream"

ids = itertools.count(1)


@asynccontextmanager
async def metered(redis_url: str, **extra: str) -> AsyncIterator[tuple[httpx.AsyncClient, Proxy]]:
    async with aclosing(await Proxy.to(redis_url)) as proxy:
        started = server({**CALM, "MCP_TRANSPORT": "http", **extra, "REDIS_URL": proxy.url})
        # The loop carries what the server says to Redis, so nothing may keep it waiting.
        running = await asyncio.to_thread(started.__enter__)
        try:
            async with httpx.AsyncClient(base_url=running.http, timeout=20) as client:
                yield client, proxy
        finally:
            proxy.allow()
            await asyncio.to_thread(started.__exit__, None, None, None)


async def ask(
    client: httpx.AsyncClient, method: str, params: dict[str, Any], headers: dict[str, str]
) -> httpx.Response:
    sent = message(method, params, f"{method} {next(ids)}")
    answer = await client.post("/mcp", json=sent, headers={"Accept": BOTH, **headers})
    assert answer.json()["id"] == sent["id"]
    return answer


async def settled(client: httpx.AsyncClient, proxy: Proxy, session: dict[str, str], calls: int) -> None:
    """Waits until so many calls of the session were counted in Redis, and nothing else is under way there."""

    async def counted() -> int:
        return int((await client.get(f"/sse/session/{session['Mcp-Session-Id']}")).json()["calls"])

    await until(counted, wanted=calls)
    await proxy.quiet()


async def opened(client: httpx.AsyncClient) -> dict[str, str]:
    """The headers of a new session."""
    params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    answer = await ask(client, "initialize", params, {})
    return {"Mcp-Session-Id": answer.headers["Mcp-Session-Id"], "MCP-Protocol-Version": "2025-11-25"}
