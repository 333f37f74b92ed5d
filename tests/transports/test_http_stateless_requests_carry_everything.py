"""The stateless era (2026-07-28) on the same endpoint."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.transports.calls import REVISION, envelope, message, post_stateless


def test_discover_says_what_the_server_is(http: httpx.Client) -> None:
    result = post_stateless(http, "server/discover").json()["result"]
    assert result["supportedVersions"] == [REVISION]
    assert result["resultType"] == "complete"
    assert result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"] == "gauzy-mcp-server"


def test_a_tool_runs_without_any_handshake(http: httpx.Client) -> None:
    result = post_stateless(http, "tools/call", {"name": "get_projects", "arguments": {"limit": 1}}).json()["result"]
    assert result["resultType"] == "complete"
    assert len(result["structuredContent"]["items"]) == 1


def test_an_organization_is_named_by_each_call(http: httpx.Client) -> None:
    """There is no session that could remember one."""

    def call(name: str, **arguments: str) -> Any:
        return post_stateless(http, "tools/call", {"name": name, "arguments": arguments}).json()["result"]

    refused = call("switch_organization", organization="Gauzy Demo Labs")
    assert refused["isError"] is True and "argument organization" in refused["content"][0]["text"]
    there = call("get_current_user", organization="Gauzy Demo Labs")["structuredContent"]
    assert there["organizationName"] == "Gauzy Demo Labs"
    assert call("get_current_user")["structuredContent"]["organizationName"] == "Gauzy Demo Company Ltd"


def test_lists_say_how_long_they_may_be_kept(http: httpx.Client) -> None:
    result = post_stateless(http, "tools/list").json()["result"]
    assert result["ttlMs"] >= 0
    assert result["cacheScope"] == "private"


@pytest.mark.parametrize(
    "missing", ["io.modelcontextprotocol/protocolVersion", "io.modelcontextprotocol/clientCapabilities"]
)
def test_an_incomplete_envelope_is_refused_with_400(http: httpx.Client, missing: str) -> None:
    params = envelope()
    del params["_meta"][missing]
    answer = post_stateless(http, "tools/list", params)
    assert (answer.status_code, answer.json()["error"]["code"], answer.json()["id"]) == (400, -32602, 1)


@pytest.mark.parametrize(
    "headers",
    [
        {"Mcp-Method": "tools/call"},
        {"Mcp-Method": "TOOLS/LIST"},
        {"MCP-Protocol-Version": "2025-06-18"},
    ],
)
def test_a_header_that_differs_from_the_body_is_a_mismatch(http: httpx.Client, headers: dict[str, str]) -> None:
    answer = post_stateless(http, "tools/list", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, -32020)


def test_a_body_of_the_era_without_headers_is_a_mismatch(http: httpx.Client) -> None:
    answer = http.post("/mcp", json=message("tools/list", envelope()))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, -32020)


def test_an_unknown_revision_names_the_supported_ones(http: httpx.Client) -> None:
    answer = post_stateless(http, "tools/list", envelope("v999.0.0"), {"MCP-Protocol-Version": "v999.0.0"})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == -32022
    assert answer.json()["error"]["data"] == {"supported": [REVISION], "requested": "v999.0.0"}


@pytest.mark.parametrize("method", ["initialize", "ping", "logging/setLevel", "resources/subscribe", "unknown/method"])
def test_what_the_era_removed_is_not_found(http: httpx.Client, method: str) -> None:
    answer = post_stateless(http, method)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, -32601)


def test_there_is_no_get_and_no_delete(http: httpx.Client) -> None:
    for verb in ("GET", "DELETE"):
        answer = http.request(verb, "/mcp", headers={"MCP-Protocol-Version": REVISION})
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
