"""Of large arguments the first problem is told, and what is told is short: nobody else waits for the rest."""

from __future__ import annotations

from pathlib import Path

from mcp_tools.dispatch.arguments import MAX_MESSAGE
from tests.dispatch.talk import talking


async def test_a_list_of_wrong_items_is_refused_shortly(tmp_path: Path) -> None:
    async with talking(tmp_path) as client:
        refused = await client.call("bulk_create_tasks", tasks=[{"x": 1}] * 20_000)
        text = refused["content"][0]["text"]
    assert refused["isError"] and text.count("\n- ") == 1
    assert len(text) < 2 * MAX_MESSAGE


async def test_a_few_wrong_arguments_are_all_told(tmp_path: Path) -> None:
    async with talking(tmp_path) as client:
        refused = await client.call("get_tasks", limit=5000, page="first", bogus=1)
    assert refused["content"][0]["text"].count("\n- ") == 3
