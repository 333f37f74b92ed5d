"""Besides tools, everything that shows Gauzy's data or what a call made of it needs ``mcp.read``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.sync.client import connect

from tests.oauth.knocking import bearer
from tests.oauth.stand_in import StandIn, stand_in
from tests.processes import Server, server
from tests.transports.calls import envelope, message

TASKS = {"extensions": {"io.modelcontextprotocol/tasks": {}}}
READING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("prompts/get", {"name": "daily_standup"}),
    ("resources/read", {"uri": "gauzy://me"}),
    ("resources/subscribe", {"uri": "gauzy://me"}),
    ("resources/unsubscribe", {"uri": "gauzy://me"}),
    (
        "completion/complete",
        {"ref": {"type": "ref/prompt", "name": "project_status"}, "argument": {"name": "project", "value": "a"}},
    ),
    ("subscriptions/listen", {**envelope(), "notifications": {"toolsListChanged": True}}),
    ("tasks/get", {**envelope(**TASKS), "taskId": "none"}),
    ("tasks/update", {**envelope(**TASKS), "taskId": "none", "inputResponses": {}}),
    ("tasks/cancel", {**envelope(**TASKS), "taskId": "none"}),
)


@pytest.fixture(scope="module")
def issuer() -> Iterator[StandIn]:
    with stand_in() as running:
        yield running


@pytest.fixture(scope="module")
def guarded(issuer: StandIn) -> Iterator[Server]:
    with server(issuer.environment(MCP_TRANSPORT="websocket")) as running:
        yield running


@pytest.mark.parametrize(("method", "params"), READING, ids=[method for method, _ in READING])
def test_a_token_without_it_is_told_to_step_up(
    guarded: Server, issuer: StandIn, method: str, params: dict[str, Any]
) -> None:
    token = issuer.token(sub="stranger", scope="openid")
    with connect(f"{guarded.ws}/mcp", additional_headers=bearer(token)) as socket:
        socket.send(json.dumps(message(method, params)))
        error = json.loads(socket.recv(timeout=30))["error"]
    assert error["data"] == {"error": "insufficient_scope", "scope": "mcp.read"}


@pytest.mark.parametrize(("method", "params"), READING, ids=[method for method, _ in READING])
def test_a_token_with_it_is_not(guarded: Server, issuer: StandIn, method: str, params: dict[str, Any]) -> None:
    with connect(f"{guarded.ws}/mcp", additional_headers=bearer(issuer.token(sub="reader"))) as socket:
        socket.send(json.dumps(message(method, params)))
        assert "insufficient_scope" not in str(socket.recv(timeout=30))
