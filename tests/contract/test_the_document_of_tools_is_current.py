"""``docs/tools.md`` is what the catalogue says. After a change that is meant: ``make snapshots``."""

from __future__ import annotations

from gauzy_mcp.rehearsal import routes
from mcp_tools.catalog.offer import gauzy_offer
from mcp_tools.operations.toolsheet import document
from tests.contract.rehearsed import rehearsed
from tests.processes import ROOT


async def test_it_names_every_tool_with_its_arguments_scope_and_routes() -> None:
    expected = document(gauzy_offer().tools, routes(await rehearsed()))
    assert (ROOT / "docs" / "tools.md").read_text(encoding="utf-8") == expected
