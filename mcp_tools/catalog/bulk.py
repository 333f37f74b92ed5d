"""Tools that do the same to many records: bounded, side by side, with an outcome per item."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.tool import Effect, Tool

MAX_ITEMS: Final = 50
AT_ONCE: Final = 8

One = Callable[[ToolContext, Any], Awaitable[Mapping[str, Any]]]

OUTPUT: Final = {
    "properties": {
        "succeeded": {"type": "integer"},
        "failed": {"type": "integer"},
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "index": {"type": "integer"},
                    "ok": {"type": "boolean"},
                    "id": {"type": ["string", "null"]},
                    "error": {"type": ["string", "null"]},
                },
                "required": ["index", "ok"],
            },
        },
    },
    "required": ["succeeded", "failed", "results"],
}


def tool(
    name: str,
    description: str,
    toolset: str,
    items: str,
    schema: Mapping[str, Any],
    one: One,
    effect: Effect,
    wrapper: str | None = None,
    touches: Sequence[str] = (),
    *,
    decides: bool = False,
    reaches_outside: bool = False,
) -> Tool:
    """A tool that runs ``one`` for every element of the argument ``items``, whose schema is ``schema``."""

    async def run(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
        # A caller who cannot sign in is told so once, and not tried once per item.
        await context.gauzy.identity()
        return await each(context, arguments[items], one)

    listed = {items: {"type": "array", "items": schema, "minItems": 1, "maxItems": MAX_ITEMS}}
    return Tool(
        name, description, toolset, run, listed, [items], output=OUTPUT, effect=effect, wrapper=wrapper, each=items,
        touches=touches, tasks="optional", decides=decides, reaches_outside=reaches_outside,
    )  # fmt: skip


async def each(context: ToolContext, items: list[Any], one: One) -> dict[str, Any]:
    """Outcomes in the order of ``items``: ``{index, ok, id | error}``. One failure stops no other item."""
    limit = asyncio.Semaphore(AT_ONCE)
    done = 0

    async def attempt(index: int, item: Any) -> dict[str, Any]:
        nonlocal done
        async with limit:
            outcome = await _outcome(context, one, item)
        done += 1
        await context.progress(done, len(items), f"{done} of {len(items)}")
        return {"index": index, **outcome}

    results = await asyncio.gather(*(attempt(index, item) for index, item in enumerate(items)))
    succeeded = sum(result["ok"] for result in results)
    return {"succeeded": succeeded, "failed": len(results) - succeeded, "results": results}


async def _outcome(context: ToolContext, one: One, item: Any) -> dict[str, Any]:
    try:
        answer = await one(context, item)
    except context.failures as error:
        return {"ok": False, "error": str(error)}
    return {"ok": True, "id": answer.get("id")}
