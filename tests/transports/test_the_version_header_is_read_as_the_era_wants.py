"""MCP-Protocol-Version counts for nothing at ``initialize``, and must name a revision everywhere else."""

from __future__ import annotations

import httpx
import pytest

from tests.transports.calls import REVISION, envelope, initialize, message

OPENING = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


@pytest.mark.parametrize("version", ["2099-01-01", "", "2024-11-05", "2025-11-25", "latest"])
def test_initialize_negotiates_in_its_body_whatever_the_header_says(http: httpx.Client, version: str) -> None:
    answer = http.post("/mcp", json=message("initialize", OPENING), headers={"MCP-Protocol-Version": version})
    assert answer.status_code == 200, answer.text
    assert answer.json()["result"]["protocolVersion"] == "2025-11-25"


def test_the_stateless_revision_in_the_header_asks_for_an_envelope(http: httpx.Client) -> None:
    headers = {"MCP-Protocol-Version": REVISION, "Mcp-Method": "initialize"}
    bare = http.post("/mcp", json=message("initialize", OPENING), headers=headers)
    assert (bare.status_code, bare.json()["error"]["code"]) == (400, -32602)
    whole = http.post("/mcp", json=message("initialize", {**OPENING, **envelope()}), headers=headers)
    assert (whole.status_code, whole.json()["error"]["code"]) == (404, -32601)


@pytest.mark.parametrize("version", ["2099-01-01", "", "latest"])
def test_elsewhere_an_unknown_version_is_refused_with_the_known_ones(http: httpx.Client, version: str) -> None:
    headers = {**initialize(http), "MCP-Protocol-Version": version}
    listening = {**headers, "Accept": "text/event-stream"}
    answers = [
        http.post("/mcp", json=message("ping"), headers=headers),
        http.post("/mcp", json=[message("ping")], headers=headers),
        http.post("/mcp", json={"jsonrpc": "2.0", "method": "notifications/initialized"}, headers=headers),
        http.get("/mcp", headers=listening),
        http.delete("/mcp", headers=headers),
    ]
    for answer in answers:
        assert answer.status_code == 400, answer.text
        assert (
            "2025-11-25" in answer.text
            and REVISION in answer.text
            and f"{version[:32]!r}" in answer.json()["error"]["message"]
        )


def test_a_modern_body_under_an_unknown_header_is_a_mismatch(http: httpx.Client) -> None:
    headers = {"MCP-Protocol-Version": "2099-01-01", "Mcp-Method": "tools/list"}
    answer = http.post("/mcp", json=message("tools/list", envelope()), headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, -32020)
