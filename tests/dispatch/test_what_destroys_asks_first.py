"""Deleting, and doing the same to many, asks first when the client can be asked; else the operator decides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mcp_tools.sandbox.demo import ident
from tests.dispatch.talk import talking

APOLLO = ident("project", "Apollo")
OTHER = ident("project", "Website Relaunch")
FORMS: dict[str, Any] = {"elicitation": {}}


def answers(action: str, **content: Any) -> Any:
    return lambda asked: {"action": action, **({"content": content} if content else {})}


async def test_a_confirmed_deletion_is_done(tmp_path: Path) -> None:
    async with talking(tmp_path, FORMS, answers("accept", confirm=True)) as client:
        result = await client.call("delete_project", id=APOLLO)
        assert result["structuredContent"] == {"id": APOLLO, "deleted": True}
        [asked] = client.asked
        assert asked["method"] == "elicitation/create" and APOLLO in asked["params"]["message"]


@pytest.mark.parametrize("answer", [answers("decline"), answers("cancel"), answers("accept", confirm=False)])
async def test_what_is_not_confirmed_is_not_done(tmp_path: Path, answer: Any) -> None:
    async with talking(tmp_path, FORMS, answer) as client:
        result = await client.call("delete_project", id=APOLLO)
        assert result["isError"] and "did not confirm" in result["content"][0]["text"]
        assert (await client.call("get_project", id=APOLLO))["structuredContent"]["name"] == "Apollo"


async def test_a_client_that_cannot_be_asked_may_delete_one(tmp_path: Path) -> None:
    async with talking(tmp_path) as client:
        assert (await client.call("delete_project", id=APOLLO))["structuredContent"]["deleted"] is True


async def test_more_than_one_needs_confirm_from_a_client_that_cannot_be_asked(tmp_path: Path) -> None:
    async with talking(tmp_path) as client:
        refused = await client.call("bulk_delete_projects", ids=[APOLLO, OTHER])
        assert refused["isError"] and '"confirm": true' in refused["content"][0]["text"]
        done = await client.call("bulk_delete_projects", ids=[APOLLO, OTHER], confirm=True)
        assert done["structuredContent"]["succeeded"] == 2


async def test_always_refuses_what_cannot_be_asked_about(tmp_path: Path) -> None:
    async with talking(tmp_path, MCP_CONFIRM_DESTRUCTIVE="always") as client:
        refused = await client.call("delete_project", id=APOLLO)
        assert refused["isError"] and "cannot be asked" in refused["content"][0]["text"]


async def test_always_is_not_satisfied_by_confirm(tmp_path: Path) -> None:
    async with talking(tmp_path, MCP_CONFIRM_DESTRUCTIVE="always") as client:
        for name, arguments in (("delete_project", {"id": APOLLO}), ("bulk_delete_projects", {"ids": [APOLLO, OTHER]})):
            refused = await client.call(name, **arguments, confirm=True)
            assert refused["isError"] and "cannot be asked" in refused["content"][0]["text"]
        assert (await client.call("get_project", id=APOLLO))["structuredContent"]["name"] == "Apollo"


async def test_never_asks_nobody(tmp_path: Path) -> None:
    async with talking(tmp_path, FORMS, MCP_CONFIRM_DESTRUCTIVE="never") as client:
        assert (await client.call("delete_project", id=APOLLO))["structuredContent"]["deleted"] is True
        assert client.asked == []


async def test_bulk_work_asks_and_tells_how_far_it_is(tmp_path: Path) -> None:
    async with talking(tmp_path, FORMS, answers("accept", confirm=True)) as client:
        tasks = [{"title": f"Task {number}"} for number in range(3)]
        params = {"name": "bulk_create_tasks", "arguments": {"tasks": tasks}, "_meta": {"progressToken": "p"}}
        result = (await client.ask("tools/call", params))["result"]
        assert result["structuredContent"]["succeeded"] == 3
        assert [note["params"]["progress"] for note in client.notes] == [1, 2, 3]
        assert len(client.asked) == 1


async def test_reading_asks_nobody(tmp_path: Path) -> None:
    async with talking(tmp_path, FORMS) as client:
        await client.call("get_projects")
        assert client.asked == []
