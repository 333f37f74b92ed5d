"""search_tools finds what a sentence means and call_tool runs it, with the same checks as a direct call."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mcp_tools.sandbox.demo import ident
from tests.dispatch.talk import talking


@pytest.mark.parametrize(
    ("sentence", "tool"),
    [
        ("start my timer on Apollo", "start_timer"),
        ("add a client", "create_organization_contact"),
        ("which tasks are mine", "get_my_tasks"),
        ("plan my day", "create_daily_plan"),
        ("hire a new employee", "create_employee"),
        ("remove a project", "delete_project"),
    ],
)
async def test_a_sentence_finds_its_tool(tmp_path: Path, sentence: str, tool: str) -> None:
    async with talking(tmp_path) as client:
        found = (await client.call("search_tools", query=sentence))["structuredContent"]["items"]
    assert tool in [one["name"] for one in found]
    assert all(one["inputSchema"]["type"] == "object" for one in found)


async def test_a_found_tool_runs_by_its_name(tmp_path: Path) -> None:
    async with talking(tmp_path) as client:
        direct = await client.call("get_projects", limit=2)
        by_name = await client.call("call_tool", name="get_projects", arguments={"limit": 2})
        assert by_name == direct
        as_text = await client.call("call_tool", name="get_projects", arguments=json.dumps({"limit": 2}))
        assert as_text == direct


async def test_a_call_by_name_is_validated_authorised_and_confirmed_alike(tmp_path: Path) -> None:
    async with talking(tmp_path, MCP_READ_ONLY="true") as client:
        wrong = await client.call("call_tool", name="get_projects", arguments={"limit": 5000})
        assert wrong["isError"] and "limit" in wrong["content"][0]["text"]
        denied = await client.call("call_tool", name="delete_project", arguments={"id": ident("project", "Apollo")})
        assert denied["isError"] and "read-only" in denied["content"][0]["text"]
    async with talking(tmp_path, MCP_CONFIRM_DESTRUCTIVE="always") as client:
        refused = await client.call("call_tool", name="delete_project", arguments={"id": ident("project", "Apollo")})
        assert refused["isError"] and "cannot be asked" in refused["content"][0]["text"]


@pytest.mark.parametrize("name", ["call_tool", "no_such_tool"])
async def test_what_cannot_be_called_by_name_is_told_in_band(tmp_path: Path, name: str) -> None:
    async with talking(tmp_path) as client:
        result = await client.call("call_tool", name=name, arguments={})
        assert result["isError"] and "search_tools" in result["content"][0]["text"]


async def test_a_read_only_server_finds_and_lists_reading_tools_alone(tmp_path: Path) -> None:
    async with talking(tmp_path, MCP_READ_ONLY="true") as client:
        found = (await client.call("search_tools", query="create a task", limit=20))["structuredContent"]["items"]
        listed = (await client.ask("tools/list"))["result"]["tools"]
    names = {one["name"] for one in [*found, *listed]}
    assert names and not names & {"create_task", "update_task", "delete_task", "bulk_create_tasks"}
