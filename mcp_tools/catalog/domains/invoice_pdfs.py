"""Gauzy's PDFs of invoices (routes ``/invoices/download`` and ``/invoices/payment/download``)."""

from __future__ import annotations

import asyncio
from typing import Any, Final
from weakref import WeakKeyDictionary

from mcp_tools.catalog.context import Gauzy
from mcp_tools.catalog.paths import Path
from mcp_tools.catalog.resources import Contents
from mcp_tools.catalog.tool import Answer, ToolError

PDF: Final = "application/pdf"
TRIES: Final = 3
SECONDS = 8.0
"""How long one PDF may take: Gauzy makes it in less than one second, or never answers."""

MOST_EMBEDDED: Final = 256 * 1024
"""Bytes of a PDF that goes along with an answer; of a larger one, its address does."""


class Turns:
    """One at a time within this process: a lock for each event loop, since a lock belongs to one."""

    def __init__(self) -> None:
        self._locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    def take(self) -> asyncio.Lock:
        return self._locks.setdefault(asyncio.get_running_loop(), asyncio.Lock())


_PRINTING: Final = Turns()


async def pdf(gauzy: Gauzy, path: Path) -> bytes:
    """A whole PDF from ``GET {path}``. All of a Gauzy server share one temporary file: of two that are made at once,
    one may come empty, cut off, as the other or never."""
    for _ in range(TRIES):
        async with _PRINTING.take():
            body = await _printed(gauzy, path)
        if body.startswith(b"%PDF-") and body.rstrip().endswith(b"%%EOF"):
            return body
    raise ToolError(f"Gauzy made no whole PDF in {TRIES} tries; try again in a minute.")


async def _printed(gauzy: Gauzy, path: Path) -> bytes:
    try:
        async with asyncio.timeout(SECONDS):
            answer = await gauzy.request("GET", path)
    except TimeoutError:
        return b""
    return answer if isinstance(answer, bytes) else b""


def attached(uri: str, name: str, contents: Contents) -> Answer:
    """The answer of a tool that downloads ``contents``, which are also at ``uri``."""
    size = len(contents.data)
    block: dict[str, Any] = {"type": "resource", "resource": contents.describe(uri)}
    if size > MOST_EMBEDDED:
        block = {"type": "resource_link", "uri": uri, "name": name, "mimeType": contents.mime_type, "size": size}
    return Answer({"uri": uri, "name": name, "mimeType": contents.mime_type, "size": size}, blocks=[block])
