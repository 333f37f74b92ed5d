"""Streamable HTTP of the handshake era: a session is opened by initialize and named by a header."""

from __future__ import annotations

import httpx
import pytest

from tests.transports.calls import initialize, message, post

BOTH = "application/json, text/event-stream"


@pytest.mark.parametrize("version", ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])
def test_initialize_answers_the_asked_revision(http: httpx.Client, version: str) -> None:
    params = {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    result = post(http, "initialize", params, Accept=BOTH).json()["result"]
    assert result["protocolVersion"] == version
    assert result["serverInfo"]["name"] == "gauzy-mcp-server"


@pytest.mark.parametrize("version", ["1999-01-01", "2026-07-28", 7])
def test_an_unknown_revision_is_answered_with_our_newest_of_the_handshake(http: httpx.Client, version: object) -> None:
    result = post(http, "initialize", {"protocolVersion": version, "capabilities": {}, "clientInfo": {}}).json()[
        "result"
    ]
    assert result["protocolVersion"] == "2025-11-25"


def test_the_session_id_is_long_random_and_visible_ascii(http: httpx.Client) -> None:
    ids = {initialize(http)["Mcp-Session-Id"] for _ in range(5)}
    assert len(ids) == 5
    assert all(len(session_id) >= 43 and session_id.isascii() and session_id.isprintable() for session_id in ids)


def test_a_deleted_session_is_gone_with_404(http: httpx.Client) -> None:
    session = initialize(http)
    assert (
        http.post("/mcp", json={"jsonrpc": "2.0", "method": "notifications/initialized"}, headers=session).status_code
        == 202
    )
    assert http.delete("/mcp", headers=session).status_code == 204
    gone = http.post("/mcp", json=message("ping"), headers=session)
    assert gone.status_code == 404
    assert "initialize" in gone.json()["error"]["message"]


def test_a_version_header_without_session_is_refused(http: httpx.Client) -> None:
    answer = http.post("/mcp", json=message("ping"), headers={"MCP-Protocol-Version": "2025-06-18"})
    assert answer.status_code == 400
    assert answer.json()["id"] == 1


def test_a_wrong_version_header_in_a_session_is_refused(http: httpx.Client) -> None:
    session = {**initialize(http), "MCP-Protocol-Version": "2025-13-45"}
    assert http.post("/mcp", json=message("ping"), headers=session).status_code == 400


def test_a_client_that_takes_only_json_is_answered_in_json_throughout(http: httpx.Client) -> None:
    only_json = {"Accept": "application/json"}
    session = {**initialize(http), **only_json}
    for method, params in (("ping", {}), ("tools/list", {}), ("tools/call", {"name": "get_projects", "arguments": {}})):
        answer = http.post("/mcp", json=message(method, params), headers=session)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
        assert "result" in answer.json()


def test_a_client_that_takes_no_json_gets_406(http: httpx.Client) -> None:
    session = initialize(http)
    answer = http.post("/mcp", json=message("ping"), headers={**session, "Accept": "text/html"})
    assert answer.status_code == 406


def test_a_batch_is_answered_in_2025_03_26_and_there_alone(http: httpx.Client) -> None:
    batch = [
        message("ping", request_id=1),
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        message("no/such", request_id=2),
        7,
    ]
    answers = http.post("/mcp", json=batch, headers=initialize(http, "2025-03-26")).json()
    assert {answer.get("id"): answer.get("error", {}).get("code") for answer in answers} == {
        1: None,
        2: -32601,
        None: -32600,
    }
    only_notifications = [{"jsonrpc": "2.0", "method": "notifications/initialized"}]
    assert http.post("/mcp", json=only_notifications, headers=initialize(http, "2025-03-26")).status_code == 202
    for newer in ("2025-06-18", "2025-11-25"):
        assert http.post("/mcp", json=batch, headers=initialize(http, newer)).status_code == 400


def test_older_revisions_are_not_shown_what_they_do_not_know(http: httpx.Client) -> None:
    def listed(version: str) -> dict[str, object]:
        return http.post("/mcp", json=message("tools/list"), headers=initialize(http, version)).json()["result"][
            "tools"
        ][0]

    assert set(listed("2024-11-05")) == {"name", "description", "inputSchema"}
    assert "annotations" in listed("2025-03-26")
    assert "outputSchema" in listed("2025-06-18")
