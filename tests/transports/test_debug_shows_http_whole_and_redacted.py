"""GAUZY_MCP_DEBUG: requests and responses with headers and bodies, also of quick methods and of refusals."""

from __future__ import annotations

from tests.processes import server
from tests.transports.calls import client, envelope, initialize, message, post, post_stateless

TASKS = {"extensions": {"io.modelcontextprotocol/tasks": {}}}


def test_requests_responses_and_refusals_are_shown_without_what_opens_something() -> None:
    with server({"MCP_TRANSPORT": "http", "GAUZY_MCP_DEBUG": "true"}) as running, client(running.http) as http:
        session = initialize(http)
        post(http, "ping", X_Probe="here", Authorization="Bearer abcdefghijkl")
        http.post("/mcp", content="{", headers={"Content-Type": "application/json"})
        http.post("/mcp", json=message("ping"), headers={**session, "Accept": "text/html"})
        http.post("/mcp", json=message("ping"), headers={"Origin": "https://evil.example"})
        http.get("/mcp", headers={"Accept": "text/html", "Sec-WebSocket-Protocol": "mcp, bearer.an-opaque-token"})
        logged = running.logged()
    assert "in http POST /sse headers={" in logged and '"X-Probe":"here"' in logged
    assert 'in http body {"jsonrpc":"2.0","id":1,"method":"ping","params":{}}' in logged
    assert "out http status=200" in logged and '"result":{},"id":1' in logged
    for status in (400, 403, 406):
        assert f"out http status={status}" in logged
    for secret in (session["Mcp-Session-Id"], "abcdefghijkl", "an-opaque-token"):
        assert secret not in logged


def test_the_id_of_a_task_is_not_shown_for_it_opens_the_task() -> None:
    params = {**envelope(**TASKS), "name": "bulk_create_tasks", "arguments": {"tasks": [{"title": "made"}]}}
    with server({"MCP_TRANSPORT": "http", "GAUZY_MCP_DEBUG": "true"}) as running, client(running.http) as http:
        made = post_stateless(http, "tools/call", params).json()["result"]["taskId"]
        asked = {**envelope(**TASKS), "taskId": made}
        assert post_stateless(http, "tasks/get", asked, {"Mcp-Name": made}).status_code == 200
        logged = running.logged()
    assert made not in logged and '"method":"tasks/get"' in logged
