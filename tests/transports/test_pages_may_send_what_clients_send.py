"""CORS: the headers of MCP, of this server's own choices, and of OpenTelemetry (W3C Trace Context, Baggage)."""

from __future__ import annotations

import httpx
import pytest

SENT = ("x-mcp-toolsets", "x-mcp-readonly", "traceparent", "tracestate", "baggage", "mcp-session-id", "authorization")


@pytest.mark.parametrize("name", SENT)
def test_a_preflight_allows_it(http: httpx.Client, name: str) -> None:
    asked = {
        "Origin": str(http.base_url).rstrip("/"),
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": name,
    }
    answer = http.options("/mcp", headers=asked)
    allowed = {one.strip().lower() for one in answer.headers["Access-Control-Allow-Headers"].split(",")}
    assert answer.status_code == 204 and name in allowed
