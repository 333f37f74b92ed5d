"""The product's own server with a few more tools, for tests of what several processes share.

``python -m tests.sessions.serve`` is ``runmcp`` otherwise, and is configured like it.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from gauzy_mcp import wiring
from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.domains import catalog
from mcp_tools.catalog.offer import Offer
from mcp_tools.catalog.resources import Contents, Resources, Template
from mcp_tools.catalog.workflows import gauzy_prompts
from tests.conformance import asking, tasks
from tests.conformance.declared import TEXT, tool
from tests.conformance.lifelong import Holds

NOTE = "gauzy://note/{name}"
ASKING = ("test_streaming_elicitation",)


async def count(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
    """Reports progress 1, 2, 3 …, slowly enough for a reader to keep up."""
    for number in range(1, arguments["to"] + 1):
        await context.progress(number)
        await asyncio.sleep(0.005)
    return {"counted": arguments["to"]}


async def change_note(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"name": arguments["name"]}


async def read_note(context: ToolContext, variables: Any) -> Contents:
    return Contents("{}")


def offer() -> Offer:
    tools = catalog()
    for one in (
        tool("test_count", count, properties={"to": {"type": "integer"}}, required=["to"]),
        tool("test_change_note", change_note, properties={"name": TEXT}, effect="changes", touches=[NOTE]),
        *Holds().tools(),
        *(one for one in asking.TOOLS if one.name in ASKING),
        *tasks.TOOLS,
    ):
        tools.add(one)
    notes = Template(NOTE, "note", "A note of these tests.", read_note)
    return Offer(tools, gauzy_prompts(), Resources(templates=[notes]), is_gauzy=True)


if __name__ == "__main__":
    wiring.gauzy_offer = offer
    from gauzy_mcp.entry import main

    sys.exit(main("runmcp", []))
