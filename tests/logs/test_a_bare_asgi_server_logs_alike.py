"""Lines are the same under an ASGI server that is not ours, whatever that server makes of logging."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from tests.operations.servers import serving
from tests.transports.calls import tool


@pytest.mark.parametrize("kind", ["daphne", "uvicorn"])
def test_a_call_is_told_with_its_request(kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with serving(kind, tmp_path, {"MCP_LOG_FORMAT": "json"}) as url, httpx.Client(base_url=url, timeout=30) as client:
        request = tool(client, "get_server_info").headers["X-Request-Id"]
    told = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    [call] = [line for line in told if line["message"].startswith("call ")]
    assert call["request"] == request and call["logger"] == "gauzy_mcp.calls"
