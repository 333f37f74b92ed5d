"""The plain JSON-RPC endpoint: no session, no handshake, no special Accept, no CSRF token."""

from __future__ import annotations

import json
import subprocess

import httpx
import pytest

from tests.processes import Server
from tests.transports.calls import post, tool

LIST = '{"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}'


def curl(url: str, *arguments: str) -> str:
    return subprocess.run(
        ["curl", "-sS", "-X", "POST", url, *arguments], capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize("path", ["/sse", "/mcp"])
def test_curl_lists_the_tools(live: Server, path: str) -> None:
    answer = json.loads(curl(live.http + path, "-H", "Content-Type: application/json", "-d", LIST))
    assert answer["id"] == 1
    assert {"start_timer", "get_projects", "create_task"} <= {tool["name"] for tool in answer["result"]["tools"]}


def test_curl_logs_in(live: Server) -> None:
    call = {"name": "login", "arguments": {"email": "demo@gauzy.local", "password": "demo"}}
    body = json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call})
    answer = json.loads(curl(live.http + "/sse", "-H", "Content-Type: application/json", "-d", body))
    assert answer["result"]["structuredContent"]["email"] == "demo@gauzy.local"


def test_a_plain_caller_gets_json_in_the_shape_of_2025_06_18(http: httpx.Client) -> None:
    answer = post(http, "tools/list")
    assert answer.headers["Content-Type"] == "application/json"
    assert "Mcp-Session-Id" not in answer.headers
    listed = answer.json()["result"]["tools"][0]
    assert {"title", "annotations", "outputSchema"} <= set(listed)
    assert "resultType" not in answer.json()["result"]


def test_a_plain_notification_is_accepted_without_a_body(http: httpx.Client) -> None:
    answer = http.post("/sse", json={"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert (answer.status_code, answer.content) == (202, b"")


def test_a_plain_caller_runs_a_tool(http: httpx.Client) -> None:
    answer = tool(http, "get_projects", {"limit": 3})
    result = answer.json()["result"]
    assert len(result["structuredContent"]["items"]) == 3
    assert json.loads(result["content"][0]["text"]) == result["structuredContent"]


def test_the_content_type_must_be_json_and_the_answer_says_so(http: httpx.Client) -> None:
    answer = http.post("/sse", content=LIST, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 415
    assert "application/json" in answer.json()["error"]["message"]


def test_an_answer_says_how_long_it_is(http: httpx.Client) -> None:
    """RFC 9112 section 6: so that no server has to send it in chunks."""
    answer = post(http, "tools/list")
    assert answer.headers["Content-Length"] == str(answer.num_bytes_downloaded)
    assert "Transfer-Encoding" not in answer.headers
    notified = http.post("/sse", json={"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert notified.status_code == 202 and notified.headers["Content-Length"] == "0"
