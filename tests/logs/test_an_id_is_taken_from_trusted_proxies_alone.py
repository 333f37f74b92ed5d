"""``X-Request-Id`` counts where it comes from a proxy that MCP_TRUSTED_PROXIES names, or from this machine."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mcp_tools.transports.addresses import TrustedProxies
from mcp_tools.transports.request_ids import identified

SENT = "from-the-proxy-1"


async def answered(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


@pytest.mark.parametrize(
    ("peer", "taken"),
    [("127.0.0.1", True), ("::1", True), ("10.1.2.3", True), ("203.0.113.7", False), ("2001:db8::1", False)],
)
async def test_from_whom_an_id_is_taken(peer: str, taken: bool) -> None:
    proxies = TrustedProxies(["10.0.0.0/8"])
    application = identified(answered, {"http": proxies.vouched})
    transport = httpx.ASGITransport(application, client=(peer, 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        told = (await client.get("/", headers={"X-Request-Id": SENT})).headers["X-Request-Id"]
    assert (told == SENT) is taken
    assert taken or len(told) == 16
