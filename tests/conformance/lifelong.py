"""Tools by which a test sees from outside whether a call still runs, without ever waiting for a clock."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.tool import Tool
from tests.conformance.declared import TEXT, tool


@dataclass(slots=True)
class Hold:
    """One call that lasts until it is released or cancelled."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    outcome: str = ""


class Holds:
    """The calls by their labels, which a test chooses."""

    def __init__(self) -> None:
        self._holds: defaultdict[str, Hold] = defaultdict(Hold)

    def tools(self) -> list[Tool]:
        label = {"properties": {"label": TEXT}, "required": ["label"]}
        return [
            tool("test_hold", self.hold, **label),
            tool("test_begun", self.begun, **label),
            tool("test_release", self.release, **label),
            tool("test_outcome", self.outcome, **label),
        ]

    async def hold(self, context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
        """Tells the client that it began, and lasts."""
        hold = self._holds[arguments["label"]]
        try:
            await context.log("info", "begun")
            hold.begun.set()
            await hold.released.wait()
            hold.outcome = "released"
        except asyncio.CancelledError:
            hold.outcome = "cancelled"
            raise
        finally:
            hold.ended.set()
        return {"outcome": hold.outcome}

    async def begun(self, context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
        """Answers once the call has begun."""
        await self._holds[arguments["label"]].begun.wait()
        return {"begun": True}

    async def release(self, context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
        self._holds[arguments["label"]].released.set()
        return {"released": True}

    async def outcome(self, context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
        """Answers once the call is over: ``released`` or ``cancelled``."""
        hold = self._holds[arguments["label"]]
        await hold.ended.wait()
        return {"outcome": hold.outcome}
