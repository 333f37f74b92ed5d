from __future__ import annotations

import copy
import functools
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from gauzy_mcp.rehearsal import rehearsing
from mcp_tools.operations.contract.check import Asked, Report, check
from mcp_tools.operations.contract.document import Document
from tests.clocks import clock

EXTRACT = Path(__file__).parents[1] / "data" / "gauzy-openapi.json"


Rehearsed = Sequence[tuple[str, Sequence[Asked]]]
_HEARD: list[Rehearsed] = []


async def rehearsed() -> Rehearsed:
    """What every tool asks of Gauzy, once per process."""
    if not _HEARD:
        async with rehearsing(clock()) as rehearsal:
            _HEARD.append([one async for one in rehearsal.everything()])
    return _HEARD[0]


def document() -> dict[str, Any]:
    """A copy of the extract, to change."""
    return copy.deepcopy(_extract())


async def report(raw: dict[str, Any]) -> Report:
    """What every tool asks, against ``raw``."""
    heard = await rehearsed()

    async def played() -> AsyncIterator[tuple[str, Sequence[Asked]]]:
        for one in heard:
            yield one

    return await check(played(), Document(raw))


async def problems(raw: dict[str, Any]) -> set[tuple[str, str]]:
    """Each mismatch as the request and what is wrong with it."""
    return {(one.request, one.problem) for one in (await report(raw)).mismatches}


@functools.cache
def _extract() -> dict[str, Any]:
    return json.loads(EXTRACT.read_text(encoding="utf-8"))  # type: ignore[no-any-return]
