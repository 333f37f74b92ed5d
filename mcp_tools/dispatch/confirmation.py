"""Asking before something is deleted, or done to many records at once (MCP_CONFIRM_DESTRUCTIVE)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from mcp_tools.catalog import write_only
from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.questions import Form
from mcp_tools.catalog.tool import Tool, ToolError

Mode = Literal["auto", "always", "never"]

_SCHEMA: Final = {
    "type": "object",
    "properties": {"confirm": {"type": "boolean", "title": "Yes, do it", "default": False}},
    "required": ["confirm"],
}


class Confirmation:
    """``auto`` asks clients that can be asked, and lets others delete one record; more need ``confirm: true``.

    ``always`` refuses what cannot be asked about, ``never`` asks nobody.
    """

    def __init__(self, mode: Mode) -> None:
        self._mode = mode

    async def check(
        self, tool: Tool, tool_context: ToolContext, arguments: Mapping[str, Any], *, confirmed: bool
    ) -> None:
        """Raises ToolError unless the call may go on. ``confirmed`` is the ``confirm`` that came with the call."""
        count = len(arguments[tool.each]) if tool.each else 1
        if self._mode == "never" or not (tool.effect == "deletes" or count > 1):
            return
        question = Form(_message(tool, arguments, count), _SCHEMA, shown_first=True)
        if tool_context.can_ask(question):
            answer = (await tool_context.ask(confirm_call=question))["confirm_call"]
            if answer["action"] != "accept" or not answer.get("content", {}).get("confirm"):
                raise ToolError(f"Not done: the person did not confirm {tool.name}.")
        elif self._mode == "always":
            raise ToolError(f"{tool.name} needs a confirmation, and this client cannot be asked for one.")
        elif tool.effect == "deletes" and count > 1 and not confirmed:
            raise ToolError(f'{tool.name} would change {count} records for good: call it again with "confirm": true.')


def _message(tool: Tool, arguments: Mapping[str, Any], count: int) -> str:
    shown = write_only.without(tool.argument_schema, arguments)
    what = f"{count} records" if tool.each else ", ".join(f"{name} {value}" for name, value in shown.items())
    return f"{tool.title} ({what[:200]})? {tool.description}"
