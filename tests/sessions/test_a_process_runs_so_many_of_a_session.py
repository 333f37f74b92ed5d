"""MCP_MAX_IN_FLIGHT holds for each process that serves a session, as its text says."""

from __future__ import annotations

from pathlib import Path

import httpx

from gauzy_mcp.env.table import BY_NAME
from tests.processes import server
from tests.redis_server import shared_url
from tests.sessions.client import Client
from tests.sessions.conftest import CALM

HOLDING = ("-m", "tests.sessions.serve")


def test_each_takes_as_many_and_no_more(tmp_path: Path, http: httpx.Client) -> None:
    extra = {**CALM, "REDIS_URL": shared_url(), "MCP_MAX_IN_FLIGHT": "1", "MCP_TRANSPORT": "http"}
    with server(extra, str(tmp_path), HOLDING) as a, server(extra, str(tmp_path), HOLDING) as b:
        client = Client.opened_at(http, a)
        with client.calling(a, "test_hold", label="a") as at_a, client.calling(b, "test_hold", label="b") as at_b:
            for held in (at_a, at_b):
                held.until("notifications/message")
            for one in (a, b):
                refused = client.ask(one, "tools/call", {"name": "get_server_info"}).json()["error"]
                assert "at most 1" in refused["message"] and "MCP_MAX_IN_FLIGHT" in refused["message"]
            other = Client.opened_at(http, a)
            other.call(a, "test_release", label="a")
            other.call(b, "test_release", label="b")
            for held in (at_a, at_b):
                assert held.answer()["result"]["structuredContent"] == {"outcome": "released"}
    assert "in each process" in BY_NAME["MCP_MAX_IN_FLIGHT"].about
