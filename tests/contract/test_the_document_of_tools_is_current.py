"""``docs/tools.md`` is what the catalogue says. After a change that is meant: ``make snapshots``."""

from __future__ import annotations

from gauzy_mcp.rehearsal import rehearsing
from mcp_tools.operations.toolsheet import document
from tests.processes import ROOT


async def test_it_names_every_tool_with_its_arguments_scope_and_routes() -> None:
    async with rehearsing() as rehearsal:
        expected = document(rehearsal.catalog, await rehearsal.routes())
    assert (ROOT / "docs" / "tools.md").read_text(encoding="utf-8") == expected
