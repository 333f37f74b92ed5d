"""A session cookie speaks only for a page on the list: a browser sends it along whoever made it ask."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.processes import Server, server
from tests.transports.calls import initialize, message

INFO = message("tools/call", {"name": "get_session_info", "arguments": {}})


@pytest.fixture(scope="module")
def anywhere() -> Iterator[Server]:
    """A server that answers to any host name, as behind a proxy that checks it."""
    with server({"MCP_TRANSPORT": "http", "MCP_ALLOWED_HOSTS": "*"}) as running:
        yield running


@pytest.fixture
def http(anywhere: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=anywhere.http, timeout=30) as client:
        yield client


@pytest.fixture
def cookie(http: httpx.Client) -> dict[str, str]:
    return {"Cookie": f"mcp-session-id={initialize(http)['Mcp-Session-Id']}"}


def test_without_an_origin_it_is_refused(http: httpx.Client, cookie: dict[str, str]) -> None:
    assert http.post("/mcp", json=INFO, headers=cookie).status_code == 403


def test_the_page_of_this_server_may_use_it(http: httpx.Client, cookie: dict[str, str]) -> None:
    answer = http.post("/mcp", json=INFO, headers={**cookie, "Origin": str(http.base_url).rstrip("/")})
    assert answer.json()["result"]["structuredContent"]["hasSession"] is True


def test_a_name_that_leads_here_makes_no_page_an_own_one(http: httpx.Client, cookie: dict[str, str]) -> None:
    """DNS rebinding: where every Host is allowed, an Origin that equals it proves nothing."""
    rebound = {**cookie, "Host": "evil.example", "Origin": "http://evil.example"}
    assert http.post("/mcp", json=INFO, headers=rebound).status_code == 403
