"""GAUZY_MCP_DEBUG: requests and responses with headers and bodies, also of quick methods and of refusals."""

from __future__ import annotations

from tests.processes import server
from tests.transports.calls import client, initialize, message, post


def test_requests_responses_and_refusals_are_shown_without_what_opens_something() -> None:
    with server({"MCP_TRANSPORT": "http", "GAUZY_MCP_DEBUG": "true"}) as running, client(running.http) as http:
        session = initialize(http)
        post(http, "ping", X_Probe="here", Authorization="Bearer abcdefghijkl")
        http.post("/mcp", content="{", headers={"Content-Type": "application/json"})
        http.post("/mcp", json=message("ping"), headers={**session, "Accept": "text/html"})
        http.post("/mcp", json=message("ping"), headers={"Origin": "https://evil.example"})
        http.get("/mcp", headers={"Accept": "text/html"})
        logged = running.logged()
    assert "in http POST /sse headers={" in logged and '"X-Probe":"here"' in logged
    assert 'in http body {"jsonrpc":"2.0","id":1,"method":"ping","params":{}}' in logged
    assert "out http status=200" in logged and '"result":{},"id":1' in logged
    for status in (400, 403, 406):
        assert f"out http status={status}" in logged
    for secret in (session["Mcp-Session-Id"], "abcdefghijkl"):
        assert secret not in logged
