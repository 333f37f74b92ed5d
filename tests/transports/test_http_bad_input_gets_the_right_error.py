"""Whatever is POSTed, the answer is a correct JSON-RPC error and the session goes on."""

from __future__ import annotations

import httpx
import pytest

from tests.processes import Server
from tests.transports.calls import initialize, message, post, tool

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, -32700),
        (b"", 400, -32700),
        (b'{"a": NaN}', 400, -32700),
        (b"\xff\xfe\xfd", 400, -32700),
        (b"null", 400, -32600),
        (b"[]", 400, -32600),
        (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', 400, -32600),
        (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', 400, -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', 400, -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":' + b"[" * 500 + b"]" * 500 + b"}}", 400, -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":"no/such"}', 200, -32601),
        (b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}', 200, -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"no_such_tool"}}', 200, -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"made up"}}', 200, -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":7}}', 200, -32602),
    ],
)
def test_a_malformed_post_is_answered_and_the_session_goes_on(
    http: httpx.Client, body: bytes, status: int, code: int
) -> None:
    session = initialize(http)
    answer = http.post("/mcp", content=body, headers={**JSON, **session})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert http.post("/mcp", json=message("ping"), headers=session).json()["result"] == {}


def test_a_body_of_20_megabytes_is_refused_with_413(http: httpx.Client) -> None:
    answer = http.post("/mcp", content=b" " * 20_000_000, headers=JSON)
    assert answer.status_code == 413
    assert "4194304" in answer.json()["error"]["message"]


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "TRACE"])
def test_another_verb_is_refused_with_the_allowed_ones(http: httpx.Client, verb: str) -> None:
    answer = http.request(verb, "/mcp", content=b"{}", headers=JSON)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_wrong_arguments_are_told_in_band_with_field_and_expectation(http: httpx.Client) -> None:
    result = tool(http, "get_tasks", {"limit": 5000, "projectId": "Apollo", "colour": 1}).json()["result"]
    assert result["isError"] is True
    text = result["content"][0]["text"]
    assert "limit" in text and "100" in text
    assert "projectId" in text and "uuid" in text
    assert "colour" in text


def test_an_unknown_tool_suggests_the_nearest_name(http: httpx.Client) -> None:
    assert "start_timer" in tool(http, "start_timr").json()["error"]["message"]


def test_a_foreign_origin_and_a_foreign_host_are_refused(http: httpx.Client, live: Server) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}, {"Origin": "null"}):
        answer = post(http, "ping", **headers)
        assert answer.status_code == 403
        assert "Unauthorized" in answer.json()["error"]["message"]
    assert "Unauthorized origin" in live.logged()


def test_an_allowed_origin_gets_its_cors_headers(http: httpx.Client) -> None:
    answer = post(http, "ping", Origin="http://localhost:4200")
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:4200"
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    preflight = http.options(
        "/sse", headers={"Origin": "http://localhost:4200", "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code == 204
    assert "Mcp-Session-Id" in preflight.headers["Access-Control-Allow-Headers"]
