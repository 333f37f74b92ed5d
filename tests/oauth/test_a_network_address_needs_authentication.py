"""A bare ASGI server on a network address answers 503 with the fix, unless callers authenticate or it is told to."""

from __future__ import annotations

from typing import Any

import pytest

from gauzy_mcp.exposure import guard
from tests.env.loads import environment
from tests.oauth.knocking import GOOD as OAUTH


async def reached(server: tuple[str, int] | None, kind: str = "http", **variables: str) -> list[dict[str, Any]]:
    """What is sent to whoever comes in at ``server``; ``{"type": "through"}`` for the application itself."""
    sent: list[dict[str, Any]] = []

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await send({"type": "through"})

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    guarded = guard(application, environment(MCP_TRANSPORT="http", **variables))
    await guarded({"type": kind, "server": server}, receive, send)
    return sent


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "127.9.9.9", "localhost", "/run/gauzy.sock"])
async def test_this_machine_is_let_through(host: str) -> None:
    assert await reached((host, 3001)) == [{"type": "through"}]
    assert await reached(None) == [{"type": "through"}]


@pytest.mark.parametrize(
    "host", ["10.0.0.5", "192.168.1.2", "203.0.113.9", "2001:db8::1", "::ffff:10.0.0.5", "0.0.0.0"]
)
async def test_the_network_is_told_the_fix(host: str) -> None:
    start, body = await reached((host, 3001))
    assert start["status"] == 503
    assert b"MCP_AUTH_ENABLED=true" in body["body"] and b"MCP_ALLOW_INSECURE=true" in body["body"]
    assert await reached((host, 3001), "websocket") == [{"type": "websocket.close"}]


async def test_authentication_or_an_explicit_word_opens_it() -> None:
    assert await reached(
        ("10.0.0.5", 3001), **{name: value for name, value in OAUTH.items() if name != "MCP_TRANSPORT"}
    ) == [{"type": "through"}]
    assert await reached(("10.0.0.5", 3001), MCP_ALLOW_INSECURE="true") == [{"type": "through"}]
