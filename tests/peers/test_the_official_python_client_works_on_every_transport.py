"""The official v2 Python client, in both eras, as a user of it would write it."""

from __future__ import annotations

import asyncio

import pytest
from mcp import MCPError

from tests.peers.driven import ENDPOINTS
from tests.peers.official import LEGACY, MODES, REVISIONS, STATELESS, connect
from tests.processes import Server

README = {"start_timer", "stop_timer", "get_projects", "create_project", "get_tasks", "create_task", "get_employees"}

every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS)
every_mode = pytest.mark.parametrize("mode", MODES)


@every_endpoint
@every_mode
async def test_it_lists_tools_and_calls_them(live: Server, endpoint: str, mode: str) -> None:
    async with connect(endpoint, live, mode) as client:
        assert client.protocol_version == REVISIONS[mode]
        listed = await client.list_tools()
        assert {tool.name for tool in listed.tools} >= README
        result = await client.call_tool("get_projects", {"limit": 2})
    assert result.is_error is False
    assert len(result.structured_content["items"]) == 2


@every_endpoint
@every_mode
async def test_wrong_arguments_are_an_answer_and_an_unknown_tool_is_an_error(
    live: Server, endpoint: str, mode: str
) -> None:
    async with connect(endpoint, live, mode) as client:
        wrong = await client.call_tool("get_tasks", {"limit": 5000})
        assert wrong.is_error is True
        assert "limit" in wrong.content[0].text
        with pytest.raises(MCPError) as refused:
            await client.call_tool("no_such_tool", {})
        assert refused.value.code == -32602
        assert (await client.call_tool("get_server_info", {})).is_error is False


@every_endpoint
@pytest.mark.parametrize("mode", [LEGACY, STATELESS])
async def test_calls_at_once_get_each_its_own_answer(live: Server, endpoint: str, mode: str) -> None:
    limits = [1, 2, 3, 1, 2, 3, 1, 2, 3, 1]
    async with connect(endpoint, live, mode) as client:
        answers = await asyncio.gather(*(client.call_tool("get_projects", {"limit": limit}) for limit in limits))
    assert [len(answer.structured_content["items"]) for answer in answers] == limits


@every_endpoint
async def test_the_server_introduces_itself(live: Server, endpoint: str) -> None:
    for mode in (LEGACY, "auto"):
        async with connect(endpoint, live, mode) as client:
            assert client.server_info is not None and client.server_info.name == "gauzy-mcp-server"
            assert client.instructions
            assert client.server_capabilities.tools is not None
