"""``Origin: null`` is what a sandboxed frame of any page sends: allowed by name, it is answered without credentials."""

from __future__ import annotations

import httpx

from tests.processes import server
from tests.transports.calls import message

NAMED = "https://app.example.com"


def test_credentials_are_for_origins_with_a_name() -> None:
    with server({"MCP_CORS_ORIGIN": f"{NAMED},null"}) as running:
        told = {
            origin: httpx.post(f"{running.http}/mcp", json=message("ping"), headers={"Origin": origin}, timeout=30)
            for origin in (NAMED, "null")
        }
    assert {answer.status_code for answer in told.values()} == {200}
    assert told[NAMED].headers["Access-Control-Allow-Credentials"] == "true"
    assert told["null"].headers["Access-Control-Allow-Origin"] == "null"
    assert "Access-Control-Allow-Credentials" not in told["null"].headers
