"""The v1 clients that most programs embed, the last ones with a WebSocket: Python mcp 1.30 and TypeScript sdk 1.32."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.peers.driven import ENDPOINTS, Driven, address
from tests.processes import Server

Connect = Callable[[Sequence[str]], Driven]

every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS)


@every_endpoint
def test_it_lists_tools_and_calls_them(live: Server, v1: Connect, endpoint: str) -> None:
    with v1(address(live, endpoint)) as client:
        assert client.opened["protocolVersion"] == "2025-11-25"
        assert client.opened["server"] == "gauzy-mcp-server"
        assert {"start_timer", "get_projects", "create_task"} <= set(client.opened["tools"])
        result = client.call("get_projects", {"limit": 2})["result"]
        assert len(result["structuredContent"]["items"]) == 2
        assert client.finish() == 0


@every_endpoint
def test_wrong_arguments_are_an_answer_and_an_unknown_tool_is_an_error(
    live: Server, v1: Connect, endpoint: str
) -> None:
    with v1(address(live, endpoint)) as client:
        wrong = client.call("get_tasks", {"limit": 5000})["result"]
        assert wrong["isError"] is True
        assert "limit" in wrong["content"][0]["text"]
        assert client.call("no_such_tool")["error"]["code"] == -32602
        assert client.call("get_server_info")["result"]["structuredContent"]["name"] == "gauzy-mcp-server"
        assert client.finish() == 0


@every_endpoint
def test_two_clients_side_by_side_do_not_share_a_login(live: Server, v1: Connect, endpoint: str) -> None:
    emails = ("demo@gauzy.local", "employee@gauzy.local")
    with v1(address(live, endpoint)) as first, v1(address(live, endpoint)) as second:
        for client, email in zip((first, second), emails, strict=True):
            signed_in = client.call("login", {"email": email, "password": "demo"})["result"]
            assert not signed_in.get("isError"), signed_in
        seen = [client.call("get_auth_status")["result"]["structuredContent"] for client in (first, second)]
    assert [status["email"] for status in seen] == list(emails)
    assert {status["source"] for status in seen} == {"session"}
