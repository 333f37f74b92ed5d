"""Guesses could not be limited while Redis is away, so sign-ins are refused until it is back."""

from __future__ import annotations

import httpx

from tests.processes import server
from tests.redis_server import private
from tests.transports.calls import message

LOGIN = message("tools/call", {"name": "login", "arguments": {"email": "demo@gauzy.local", "password": "demo"}})


def test_a_sign_in_is_refused_and_an_ordinary_request_goes_on() -> None:
    with private() as redis:
        extra = {"MCP_TRANSPORT": "http", "REDIS_URL": redis.url, "THROTTLE_ENABLED": "true"}
        with server(extra) as running:
            endpoint = f"{running.http}/mcp"
            assert httpx.post(endpoint, json=LOGIN, timeout=30).json()["result"].get("isError", False) is False
            redis.stop()
            refused = httpx.post(endpoint, json=LOGIN, timeout=30)
            assert refused.status_code == 503 and "not available" in refused.json()["error"]["message"]
            assert httpx.post(endpoint, json=message("tools/list"), timeout=30).status_code == 200
