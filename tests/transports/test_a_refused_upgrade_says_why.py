"""A WebSocket that is refused gets the status and the reason that HTTP would give, and the log has a line."""

from __future__ import annotations

import pytest
from websockets.exceptions import InvalidStatus
from websockets.http11 import Response
from websockets.sync.client import connect

from tests.processes import Server, server


def refusal(url: str, **options: object) -> Response:
    with pytest.raises(InvalidStatus) as refused, connect(url, **options):  # type: ignore[arg-type]
        pass
    return refused.value.response


def text(response: Response) -> str:
    return (response.body or b"").decode()


def test_a_wrong_path_is_404(live: Server) -> None:
    response = refusal(f"{live.ws}/nothing-here")
    assert response.status_code == 404 and "/mcp" in text(response)
    assert "no WebSocket is served at '/nothing-here'" in live.logged()


def test_a_choice_that_cannot_be_is_400(live: Server) -> None:
    response = refusal(f"{live.ws}/mcp?toolsets=nope")
    assert response.status_code == 400 and "core, all" in text(response)
    assert refusal(f"{live.ws}/mcp?readonly=perhaps").status_code == 400


def test_a_foreign_page_is_403(live: Server) -> None:
    response = refusal(f"{live.ws}/mcp", origin="https://evil.example")
    assert response.status_code == 403 and "MCP_WS_ALLOWED_ORIGINS" in text(response)
    assert "Unauthorized origin" in live.logged()


def test_one_too_many_is_429_and_says_when_to_come_back() -> None:
    calm = {"MCP_TRANSPORT": "websocket", "THROTTLE_ENABLED": "true", "THROTTLE_LIMIT": "1", "THROTTLE_TTL": "600000"}
    with server(calm) as running:
        with connect(f"{running.ws}/mcp"):
            pass
        response = refusal(f"{running.ws}/mcp")
    assert response.status_code == 429 and "THROTTLE_LIMIT" in text(response)
    assert int(response.headers["Retry-After"]) > 0
