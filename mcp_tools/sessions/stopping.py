"""Ending a background task for certain."""

from __future__ import annotations

import asyncio
from typing import Any, Final

_AGAIN_SECONDS: Final = 0.2


async def stop(task: asyncio.Task[Any]) -> None:
    """Cancels ``task`` until it has ended, however it ends.

    Once is not always enough: ``asyncio.wait_for`` before Python 3.12, which redis-py stands on, loses a cancellation
    that comes just as what it waits for is done.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=_AGAIN_SECONDS)
    if not task.cancelled():
        # Looked at, so that asyncio does not report it as forgotten.
        task.exception()
