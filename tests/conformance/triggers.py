"""Tools that change what the server offers, so that clients have something to hear of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.prompts import Prompt, Prompts, user
from mcp_tools.catalog.tool import Catalog, Run, Tool
from tests.conformance.contents import answering
from tests.conformance.declared import tool, words
from tests.conformance.prompts import saying
from tests.conformance.resources import WATCHED


def triggers(tools: Catalog, prompts: Prompts) -> list[Tool]:
    """Each of the first two adds something when it is missing, and takes it away when it is there."""
    extra = tool("test_extra_tool", answering(words("Here for a while.")))
    added = Prompt("test_extra_prompt", "Here for a while.", saying(user("Here for a while.")))

    def toggle_tool() -> None:
        if tools.find(extra.name) is None:
            tools.add(extra)
        else:
            tools.remove(extra.name)

    def toggle_prompt() -> None:
        if prompts.find(added.name) is None:
            prompts.add(added)
        else:
            prompts.remove(added.name)

    return [
        tool("test_trigger_tool_change", doing(toggle_tool)),
        tool("test_trigger_prompt_change", doing(toggle_prompt)),
        tool("test_trigger_resource_update", doing(lambda: None), effect="changes", touches=[WATCHED]),
    ]


def doing(change: Callable[[], None]) -> Run:
    async def run(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
        change()
        return {"changed": True}

    return run
