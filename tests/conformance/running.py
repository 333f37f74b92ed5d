"""Tools that say something while they run, lose their connection, print, or crash."""

from __future__ import annotations

import asyncio
import os
from typing import Any, Final

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.tool import Answer
from tests.conformance.declared import tool, words

PAUSE_SECONDS: Final = 0.05
"""What the suite asks for between two messages."""


async def log(context: ToolContext, arguments: dict[str, Any]) -> Answer:
    await context.log("info", "Tool execution started")
    for message in ("Tool processing data", "Tool execution completed"):
        await asyncio.sleep(PAUSE_SECONDS)
        await context.log("info", message)
    return Answer(blocks=[words("Logged three messages.")])


async def report(context: ToolContext, arguments: dict[str, Any]) -> Answer:
    await context.progress(0, 100)
    for done in (50, 100):
        await asyncio.sleep(PAUSE_SECONDS)
        await context.progress(done, 100)
    return Answer(blocks=[words("Reported progress three times.")])


async def reconnect(context: ToolContext, arguments: dict[str, Any]) -> Answer:
    """Lets the client come back, and answers a little later than it does."""
    await context.pause_connection(100)
    await asyncio.sleep(4 * PAUSE_SECONDS)
    return Answer(blocks=[words("The call went on without its connection.")])


async def crash(context: ToolContext, arguments: dict[str, Any]) -> Answer:
    raise RuntimeError("a secret that no client may read")


async def print_everywhere(context: ToolContext, arguments: dict[str, Any]) -> Answer:
    print("printed by Python", flush=True)
    os.write(1, b"printed to descriptor 1\n")
    return Answer(blocks=[words("Printed.")])


TOOLS: Final = [
    tool("test_tool_with_logging", log),
    tool("test_logging_tool", log),
    tool("test_tool_with_progress", report),
    tool("test_reconnection", reconnect),
    tool("test_crash", crash),
    tool("test_print", print_everywhere),
]
