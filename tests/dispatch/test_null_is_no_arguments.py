"""Clients in Go, Java and C# send ``arguments: null`` for a call without arguments; an empty list is a mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dispatch.talk import talking


@pytest.mark.parametrize("name", ["get_auth_status", "call_tool"])
async def test_null_is_taken_for_a_tool(tmp_path: Path, name: str) -> None:
    inner = {"name": "get_auth_status", "arguments": None}
    params = {"name": name, "arguments": inner if name == "call_tool" else None}
    async with talking(tmp_path) as client:
        result = (await client.ask("tools/call", params))["result"]
    assert result["structuredContent"]["authenticated"] is True


async def test_null_is_taken_for_a_prompt(tmp_path: Path) -> None:
    async with talking(tmp_path) as client:
        assert (await client.ask("prompts/get", {"name": "daily_standup", "arguments": None}))["result"]["messages"]


async def test_a_list_stays_refused(tmp_path: Path) -> None:
    async with talking(tmp_path) as client:
        result = (await client.ask("tools/call", {"name": "get_auth_status", "arguments": []}))["result"]
        assert result["isError"] and "must be an object" in result["content"][0]["text"]
        error = (await client.ask("prompts/get", {"name": "daily_standup", "arguments": []}))["error"]
    assert error["code"] == -32602
