"""Between the server and its Redis stands a network that lets one burst through: the answer has to come with that."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import httpx
import pytest

from tests.processes import server
from tests.redis_server import PrivateRedis
from tests.sessions.conftest import CALM
from tests.sessions.proxy import Proxy
from tests.transports.calls import envelope, message

ids = itertools.count(1)
ORDINARY = [
    ("ping", {}),
    ("tools/list", {}),
    ("resources/list", {}),
    ("tools/call", {"name": "get_server_info", "arguments": {}}),
    ("tools/call", {"name": "get_server_info", "arguments": {"no such": "argument"}}),
    ("tools/call", {"name": "no_such_tool"}),
]


@pytest.fixture
async def proxy(newest_redis: PrivateRedis) -> AsyncIterator[Proxy]:
    async with aclosing(await Proxy.to(newest_redis.url)) as made:
        yield made


@pytest.fixture
async def client(proxy: Proxy) -> AsyncIterator[httpx.AsyncClient]:
    started = server({**CALM, "MCP_TRANSPORT": "http", "REDIS_URL": proxy.url})
    # The loop carries what the server says to Redis, so nothing may keep it waiting.
    running = await asyncio.to_thread(started.__enter__)
    try:
        async with httpx.AsyncClient(base_url=running.http, timeout=20) as made:
            yield made
    finally:
        proxy.allow()
        await asyncio.to_thread(started.__exit__, None, None, None)


async def ask(
    client: httpx.AsyncClient, method: str, params: dict[str, Any], headers: dict[str, str]
) -> httpx.Response:
    sent = message(method, params, f"{method} {next(ids)}")
    answer = await client.post("/mcp", json=sent, headers={"Accept": "application/json, text/event-stream", **headers})
    assert answer.json()["id"] == sent["id"]
    return answer


async def opened(client: httpx.AsyncClient) -> dict[str, str]:
    params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    answer = await ask(client, "initialize", params, {})
    return {"Mcp-Session-Id": answer.headers["Mcp-Session-Id"], "MCP-Protocol-Version": "2025-11-25"}


async def test_in_a_session_one_burst_is_enough_however_much_it_holds(client: httpx.AsyncClient, proxy: Proxy) -> None:
    session = await opened(client)
    login = {"name": "login", "arguments": {"email": "employee@gauzy.local", "password": "demo"}}
    assert "result" in (await ask(client, "tools/call", login, session)).json()
    for method, params in ORDINARY:
        # The burst that is allowed must not be one that an earlier request left behind.
        await proxy.quiet()
        proxy.allow(1)
        await ask(client, method, params, session)
        proxy.allow()


async def test_without_a_session_redis_is_not_asked_at_all(client: httpx.AsyncClient, proxy: Proxy) -> None:
    await ask(client, *ORDINARY[3], await opened(client))
    await proxy.quiet()
    proxy.allow(0)
    before = proxy.requests
    for method, params in ORDINARY:
        await ask(client, method, params, {})
    for method, params in (*ORDINARY[1:4], ("server/discover", {})):
        headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method}
        if "name" in params:
            headers["Mcp-Name"] = params["name"]
        await ask(client, method, {**envelope(), **params}, headers)
    assert proxy.requests == before
