"""The names of the earlier implementation, from ``tests/data/original-names.txt``, and the aliases of the mission."""

from __future__ import annotations

from pathlib import Path

from mcp_tools.catalog.domains import catalog

NAMES = (Path(__file__).parents[1] / "data" / "original-names.txt").read_text(encoding="utf-8").split()


def test_all_324_names_are_tools() -> None:
    assert len(NAMES) == 324
    assert [name for name in NAMES if catalog().find(name) is None] == []


def test_aliases_are_other_names_of_the_same_tool() -> None:
    for alias, name in (("test_connection", "test_api_connection"), ("get_active_timer", "timer_status")):
        assert catalog().find(alias) is catalog().find(name)
