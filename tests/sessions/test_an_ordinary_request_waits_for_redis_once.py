"""Between the server and its Redis stands a network that lets one burst through: the answer has to come with that."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.redis_server import PrivateRedis
from tests.sessions.metered import BOTH, ask, metered, opened, settled
from tests.sessions.proxy import Proxy
from tests.transports.calls import envelope

ORDINARY = [
    ("ping", {}),
    ("tools/list", {}),
    ("resources/list", {}),
    ("tools/call", {"name": "get_server_info", "arguments": {}}),
    ("tools/call", {"name": "get_server_info", "arguments": {"no such": "argument"}}),
    ("tools/call", {"name": "no_such_tool"}),
]
LIMITED = {"THROTTLE_ENABLED": "true", "THROTTLE_TTL": "3600000", "THROTTLE_LIMIT": "1000"}
NOTED = {"jsonrpc": "2.0", "method": "notifications/initialized"}


@pytest.fixture(params=[{}, LIMITED], ids=["unlimited", "limited"])
async def served(
    request: pytest.FixtureRequest, newest_redis: PrivateRedis
) -> AsyncIterator[tuple[httpx.AsyncClient, Proxy]]:
    async with metered(newest_redis.url, **request.param) as both:
        yield both


async def test_in_a_session_one_burst_is_enough_however_much_it_holds(served: tuple[httpx.AsyncClient, Proxy]) -> None:
    """The look at the session, the id of the request and the limits, together."""
    client, proxy = served
    session = await opened(client)
    login = {"name": "login", "arguments": {"email": "employee@gauzy.local", "password": "demo"}}
    assert "result" in (await ask(client, "tools/call", login, session)).json()
    calls = 1
    for method, params in ORDINARY:
        # The burst that is allowed must not be one that an earlier request left behind.
        await settled(client, proxy, session, calls)
        proxy.allow(1)
        await ask(client, method, params, session)
        proxy.allow()
        calls += params.get("name") == "get_server_info"


async def test_many_requests_cost_no_more_than_one_burst_each(newest_redis: PrivateRedis) -> None:
    async with metered(newest_redis.url, **LIMITED) as (client, proxy):
        session = await opened(client)
        await ask(client, "ping", {}, session)
        await proxy.quiet()
        before = proxy.requests
        for _ in range(20):
            for method, params in ORDINARY[:3]:
                await ask(client, method, params, session)
            noted = await client.post("/mcp", json=NOTED, headers={"Accept": BOTH, **session})
            assert noted.status_code == 202
        assert proxy.requests - before == 80


async def test_what_calls_leave_behind_is_written_together(newest_redis: PrivateRedis) -> None:
    """A count per call would be as many bursts again; giving up the id of a request is the one that cannot wait."""
    calls = 40
    async with metered(newest_redis.url, **LIMITED) as (client, proxy):
        session = await opened(client)
        await ask(client, *ORDINARY[3], session)
        await settled(client, proxy, session, 1)
        before = proxy.requests
        for _ in range(calls):
            await ask(client, *ORDINARY[3], session)
        written = proxy.requests - before
        await settled(client, proxy, session, calls + 1)
        assert written <= 2 * calls + calls / 4


async def test_without_a_session_redis_is_asked_for_the_limits_alone(
    served: tuple[httpx.AsyncClient, Proxy], request: pytest.FixtureRequest
) -> None:
    client, proxy = served
    each = 1 if "unlimited" not in request.node.name else 0
    await ask(client, *ORDINARY[0], await opened(client))
    await ask(client, *ORDINARY[0], {})
    await proxy.quiet()
    before = proxy.requests
    proxy.allow(each * 10)
    for method, params in ORDINARY:
        await ask(client, method, params, {})
    for method, params in (*ORDINARY[1:4], ("server/discover", {})):
        headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method}
        if "name" in params:
            headers["Mcp-Name"] = params["name"]
        await ask(client, method, {**envelope(), **params}, headers)
    assert proxy.requests - before == each * 10
