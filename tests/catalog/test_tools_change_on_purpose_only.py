"""Each tool is what its file in ``tests/snapshots`` says. After a change that is meant: ``make snapshots``."""

from __future__ import annotations

import pytest

from mcp_tools.catalog.domains import catalog
from mcp_tools.catalog.tool import Tool
from tests.snapshots.written import FOLDER, snapshot


@pytest.mark.parametrize("tool", list(catalog()), ids=lambda tool: tool.name)
def test_a_tool_is_as_it_was(tool: Tool) -> None:
    assert (FOLDER / f"{tool.name}.json").read_text(encoding="utf-8") == snapshot(tool)


def test_no_file_is_left_of_a_tool_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {tool.name for tool in catalog()}
