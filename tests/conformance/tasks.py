"""Tools whose calls may become tasks (extension io.modelcontextprotocol/tasks)."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.tool import Answer, ToolError
from mcp_tools.protocol.errors import INTERNAL_ERROR, ProtocolError
from tests.conformance.asking import NAME, content_of, form
from tests.conformance.declared import TEXT, tool, words

MOMENT_SECONDS: Final = 1.0
"""How long the suite wants a job to take before it fails."""


async def greet(context: ToolContext, arguments: dict[str, Any]) -> Answer:
    return Answer(blocks=[words(f"Hello, {arguments['name']}!")])


async def compute(context: ToolContext, arguments: dict[str, Any]) -> Answer:
    await asyncio.sleep(arguments.get("seconds", 0))
    return Answer(blocks=[words(f"{arguments.get('label', 'It')} took {arguments.get('seconds', 0):g} seconds.")])


async def fail(context: ToolContext, arguments: dict[str, Any]) -> Answer:
    await asyncio.sleep(MOMENT_SECONDS)
    raise ToolError("The job failed, as it always does.")


async def break_off(context: ToolContext, arguments: dict[str, Any]) -> Answer:
    raise ProtocolError(INTERNAL_ERROR, "The job broke off, as it always does.")


async def confirm(context: ToolContext, arguments: dict[str, Any]) -> Answer:
    asked = form(f"Delete {arguments['filename']}?", confirm={"type": "boolean"})
    said = (await context.ask(confirm=asked))["confirm"]
    agreed = said["action"] == "accept" and (said.get("content") or {}).get("confirm") is True
    return Answer(blocks=[words(f"{arguments['filename']} {'deleted' if agreed else 'kept'}.")])


async def ask_twice(context: ToolContext, arguments: dict[str, Any]) -> Answer:
    said = await context.ask(name=NAME, color=form("What is your favourite colour?", color=TEXT))
    return Answer(blocks=[words(f"{content_of(said['name'])} likes {content_of(said['color'])}.")])


async def ask_then_detach(context: ToolContext, arguments: dict[str, Any]) -> Answer:
    said = await context.ask(user_name=NAME)
    await context.detach()
    return Answer(blocks=[words(f"Hello from the task, {content_of(said['user_name'])}!")])


TOOLS: Final = [
    tool("greet", greet, properties={"name": TEXT}, required=["name"]),
    tool("slow_compute", compute, properties={"seconds": {"type": "number"}, "label": TEXT}, tasks="optional"),
    tool("failing_job", fail, tasks="required"),
    tool("protocol_error_job", break_off, tasks="optional"),
    tool("confirm_delete", confirm, properties={"filename": TEXT}, required=["filename"], tasks="optional"),
    tool("multi_input", ask_twice, tasks="optional"),
    tool("test_tool_with_task", ask_then_detach, tasks="own"),
]
