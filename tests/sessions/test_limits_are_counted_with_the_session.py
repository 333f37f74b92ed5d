"""A request that names a session is counted with the look at it, and is not served for that before it is counted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.redis_server import PrivateRedis
from tests.sessions.metered import BOTH, ask, metered, opened
from tests.sessions.proxy import Proxy
from tests.transports.calls import envelope, message

LIMIT = 12
LIMITED = {
    "THROTTLE_ENABLED": "true",
    "THROTTLE_TTL": "3600000",
    "THROTTLE_LIMIT": str(LIMIT),
    "MCP_TRUSTED_PROXIES": "127.0.0.1",
}
TOO_MANY = 429
SENT: list[tuple[str, str, dict[str, Any]]] = [
    ("an ordinary request", "POST", {"json": message("ping")}),
    ("a notification", "POST", {"json": {"jsonrpc": "2.0", "method": "notifications/initialized"}}),
    ("initialize once more", "POST", {"json": message("initialize", {"protocolVersion": "2025-11-25"})}),
    ("no JSON", "POST", {"content": b"{", "headers": {"Content-Type": "application/json"}}),
    ("another type", "POST", {"content": b"{}", "headers": {"Content-Type": "text/plain"}}),
    ("nothing acceptable", "POST", {"json": message("ping"), "headers": {"Accept": "text/html"}}),
    ("a stateless request", "POST", {"json": message("server/discover", envelope()), "headers": {
        "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "server/discover"}}),
    ("a session that is none", "POST", {"json": message("ping"), "headers": {"Mcp-Session-Id": "none"}}),
    ("another session's cookie", "POST", {"json": message("ping"), "headers": {"Cookie": "theme=dark"}}),
    ("no such verb", "PUT", {}),
    ("the stream", "GET", {"headers": {"Accept": "text/html"}}),
    ("the end", "DELETE", {"headers": {"Mcp-Session-Id": "none"}}),
]  # fmt: skip


@pytest.fixture(scope="module")
def addresses() -> Any:
    return (f"198.51.100.{number}" for number in range(1, 250))


@pytest.fixture
async def served(newest_redis: PrivateRedis, addresses: Any) -> AsyncIterator[tuple[httpx.AsyncClient, Proxy]]:
    async with metered(newest_redis.url, **LIMITED) as (client, proxy):
        client.headers["X-Forwarded-For"] = next(addresses)
        yield client, proxy


async def test_whatever_is_sent_in_a_session_counts_once(
    served: tuple[httpx.AsyncClient, Proxy], addresses: Any
) -> None:
    client, _ = served
    session = await opened(client)
    for what, verb, sent in SENT:
        own = {"X-Forwarded-For": next(addresses), "Accept": BOTH, **session, **sent.get("headers", {})}
        before = [(await client.request(verb, "/mcp", **{**sent, "headers": own})).status_code for _ in range(LIMIT)]
        assert TOO_MANY not in before, what
        refused = await client.request(verb, "/mcp", **{**sent, "headers": own})
        assert refused.status_code == TOO_MANY, what
        assert int(refused.headers["Retry-After"]) > 0


async def test_one_too_many_renews_no_session_and_holds_no_id(
    served: tuple[httpx.AsyncClient, Proxy], addresses: Any, newest_redis: PrivateRedis
) -> None:
    """What is refused has not been begun: the same id is free for whoever may still ask."""
    client, _ = served
    session = await opened(client)
    busy, other = {"X-Forwarded-For": next(addresses)}, {"X-Forwarded-For": next(addresses)}
    for _ in range(LIMIT):
        await ask(client, "ping", {}, {**session, **busy})
    call = message("tools/call", {"name": "get_server_info", "arguments": {}}, "one id")
    refused = await client.post("/mcp", json=call, headers={"Accept": BOTH, **session, **busy})
    assert refused.status_code == TOO_MANY
    answer = await client.post("/mcp", json=call, headers={"Accept": BOTH, **session, **other})
    assert "result" in answer.json()


async def test_whoever_was_told_to_wait_costs_redis_nothing(
    served: tuple[httpx.AsyncClient, Proxy], addresses: Any
) -> None:
    client, proxy = served
    headers = {**await opened(client), "X-Forwarded-For": next(addresses), "Accept": BOTH}
    for _ in range(LIMIT + 1):
        last = await client.post("/mcp", json=message("ping"), headers=headers)
    assert last.status_code == TOO_MANY
    await proxy.quiet()
    before = proxy.requests
    for _ in range(20):
        assert (await client.post("/mcp", json=message("ping"), headers=headers)).status_code == TOO_MANY
    assert proxy.requests == before
