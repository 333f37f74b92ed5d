"""Answers come as JSON, as a table or as CSV, with the fields that were asked for, and never too large."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.dispatch.replying import BYTES_PER_TOKEN, Replies
from tests.dispatch.talk import talking


async def test_a_table_and_csv_change_the_text_alone(tmp_path: Path) -> None:
    async with talking(tmp_path) as client:
        plain = await client.call("get_projects", limit=3, fields=["name", "status"])
        table = await client.call("get_projects", limit=3, fields=["name", "status"], format="table")
        sheet = await client.call("get_projects", limit=3, fields=["name", "status"], format="csv")
    assert plain["structuredContent"] == table["structuredContent"] == sheet["structuredContent"]
    assert json.loads(plain["content"][0]["text"]) == plain["structuredContent"]
    assert table["content"][0]["text"].startswith("| name | status |\n| --- | --- |\n")
    rows = list(csv.DictReader(io.StringIO(sheet["content"][0]["text"])))
    assert [row["name"] for row in rows[:3]] == [item["name"] for item in plain["structuredContent"]["items"]]


async def test_an_answer_that_is_too_large_is_cut_and_says_how_to_go_on(tmp_path: Path) -> None:
    async with talking(tmp_path, MCP_MAX_REPLY_TOKENS="1500") as client:
        result = await client.call("get_tasks", limit=100)
    structured = result["structuredContent"]
    assert 0 < len(structured["items"]) < structured["total"]
    assert f"limit {len(structured['items'])}" in structured["truncated"]
    assert len(json.dumps(result)) < 1500 * BYTES_PER_TOKEN * 1.5


def test_a_cell_that_a_spreadsheet_would_run_is_quoted() -> None:
    items = [{"name": "=HYPERLINK(1)"}, {"name": "plain"}]
    shaped = Replies(20_000).shape({"items": items, "total": 2}, "csv")
    assert "'=HYPERLINK(1)" in shaped["content"][0]["text"]
    assert shaped["structuredContent"]["items"] == items


rows = st.lists(
    st.dictionaries(st.text(max_size=8), st.text(max_size=400) | st.integers(-(2**53), 2**53), max_size=6), max_size=40
)


@given(rows, st.sampled_from(["json", "table", "csv"]), st.integers(500, 4000))
def test_whatever_the_rows_the_answer_fits_and_keeps_their_order(
    items: list[dict[str, Any]], form: str, tokens: int
) -> None:
    shaped = Replies(tokens).shape({"items": items, "total": len(items)}, form)
    kept = shaped["structuredContent"]["items"]
    assert kept == items[: len(kept)]
    size = len(shaped["content"][0]["text"]) + len(json.dumps(shaped["structuredContent"], separators=(",", ":")))
    assert len(kept) == len(items) or size <= tokens * BYTES_PER_TOKEN * 3 or not kept
    assert len(kept) == len(items) or "truncated" in shaped["structuredContent"]
