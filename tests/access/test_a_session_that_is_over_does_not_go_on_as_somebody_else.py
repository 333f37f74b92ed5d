"""Without OAuth a browser is whoever its session signed in. When that ends, it is nobody until it begins again."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.processes import Server, server
from tests.transports.calls import initialize, message

WHO = message("tools/call", {"name": "get_auth_status", "arguments": {}})


@pytest.fixture(scope="module")
def place() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture
def browser(place: Server) -> Iterator[httpx.Client]:
    """One with the cookies of a session that has ended."""
    with httpx.Client(base_url=place.http, timeout=30, headers={"Origin": place.http}) as client:
        session = initialize(client)
        for name in ("mcp-session-id", "mcp-ws-session-id"):
            client.cookies.set(name, session["Mcp-Session-Id"], domain="127.0.0.1", path="/")
        assert client.delete("/mcp", headers=session).status_code == 204
        yield client


def test_over_http_it_is_told_once_and_its_cookie_is_taken(browser: httpx.Client) -> None:
    told = browser.post("/mcp", json=WHO)
    assert told.status_code == 404 and "Session not found" in told.text
    assert all("Max-Age=0" in cookie for cookie in told.headers.get_list("Set-Cookie")) and not browser.cookies
    assert browser.post("/mcp", json=WHO).json()["result"]["structuredContent"]["source"] == "shared"


def test_a_socket_is_refused_likewise(place: Server, browser: httpx.Client) -> None:
    cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
    origin = place.ws.replace("ws", "http", 1)
    with pytest.raises(InvalidStatus) as refused, connect(f"{place.ws}/mcp", origin=origin, additional_headers=cookies):  # type: ignore[arg-type]
        pass
    response = refused.value.response
    assert response.status_code == 404 and "Max-Age=0" in response.headers["Set-Cookie"]
    assert "Session not found" in json.loads(response.body or b"{}")["error"]
