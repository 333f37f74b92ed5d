"""The official v2 TypeScript client in both eras; its WebSocket transport is a few lines of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.peers.driven import ENDPOINTS, address, node_client_v2
from tests.peers.official import MODES, REVISIONS
from tests.processes import Server


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("mode", MODES)
def test_it_lists_tools_calls_them_and_gets_errors(live: Server, node_modules: Path, endpoint: str, mode: str) -> None:
    with node_client_v2(node_modules, mode, address(live, endpoint)) as client:
        assert client.opened["protocolVersion"] == REVISIONS[mode]
        assert client.opened["server"] == "gauzy-mcp-server"
        assert {"start_timer", "get_projects", "create_task"} <= set(client.opened["tools"])
        assert client.call("get_tasks", {"limit": 5000})["result"]["isError"] is True
        assert client.call("no_such_tool")["error"]["code"] == -32602
        result = client.call("get_projects", {"limit": 2})["result"]
        assert len(result["structuredContent"]["items"]) == 2
        assert client.finish() == 0
