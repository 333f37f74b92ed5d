"""Many callers, one piece of work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class SingleFlight(Generic[Result]):
    """Callers that ask for the same thing at once wait for one answer; one that gives up does not stop it."""

    def __init__(self) -> None:
        self._running: dict[tuple[int, Hashable], asyncio.Task[Result]] = {}

    async def run(self, name: Hashable, work: Callable[[], Awaitable[Result]]) -> Result:
        # A task belongs to its loop: Django's synchronous views come with loops of their own.
        key = (id(asyncio.get_running_loop()), name)
        task = self._running.get(key)
        if task is None:
            task = self._running[key] = asyncio.ensure_future(work())
            task.add_done_callback(lambda done: self._done(key, done))
        return await asyncio.shield(task)

    def _done(self, key: tuple[int, Hashable], task: asyncio.Task[Result]) -> None:
        self._running.pop(key, None)
        if not task.cancelled():
            # Read, so that nobody complains about a failure whose callers have all left.
            task.exception()
