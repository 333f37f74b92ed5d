"""With port 0 nobody knows the server's own pages before it listens; they may speak to all of its listeners then."""

from __future__ import annotations

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.processes import Server, server
from tests.transports.calls import post


def upgrade(running: Server, origin: str) -> int:
    try:
        with connect(f"{running.ws}/sse", origin=origin):  # type: ignore[arg-type]
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_page_of_one_listener_speaks_to_both(live: Server, host: str) -> None:
    for url in (live.http, live.ws):
        origin = f"http://{host}:{url.rpartition(':')[2]}"
        assert upgrade(live, origin) == 101
        with httpx.Client(base_url=live.http) as http:
            answer = post(http, "ping", Origin=origin)
            assert answer.headers["Access-Control-Allow-Origin"] == origin


def test_no_other_port_is_let_in(live: Server) -> None:
    for port in (0, 1, int(live.http.rpartition(":")[2]) ^ 1024):
        assert upgrade(live, f"http://localhost:{port}") == 403


def test_origins_that_are_configured_stay_the_only_ones() -> None:
    with server({"MCP_WS_ALLOWED_ORIGINS": "https://app.example.com"}) as running:
        assert upgrade(running, running.http) == 403
        assert upgrade(running, "https://app.example.com") == 101
