"""Beginning and end of a process, as ASGI servers tell them (ASGI lifespan protocol 2.0); daphne tells neither."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

Work = Callable[[], Awaitable[None]]


class Lifespan:
    def __init__(self, start: Work, stop: Work) -> None:
        self._start = start
        self._stop = stop

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()
        await self._start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._stop()
        await send({"type": "lifespan.shutdown.complete"})
