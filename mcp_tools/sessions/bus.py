"""Telling the other processes that something happened: wake-ups, cancellations, changes.

A message may get lost when Redis restarts, so it is never the only carrier of an answer: what must arrive is kept
in the event log or the mailbox, and the bus only says that it is time to look.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

Heard = Callable[[Any], object]
"""Called with the payload of a message, or with None when messages may have been missed."""


class Bus(Protocol):
    """Messages by topic, to every process including this one."""

    def listen(self, topic: str, heard: Heard) -> Callable[[], None]:
        """Calls ``heard`` for each message of ``topic`` until the answered function is called."""

    async def publish(self, topic: str, payload: Any = None) -> None:
        """Tells all processes. ``payload`` is JSON data."""


class LocalBus:
    """The bus inside one process; the first half of every other."""

    def __init__(self) -> None:
        self._listeners: dict[str, list[Heard]] = {}

    def listen(self, topic: str, heard: Heard) -> Callable[[], None]:
        self._listeners.setdefault(topic, []).append(heard)

        def stop() -> None:
            listeners = self._listeners.get(topic, [])
            with suppress(ValueError):
                listeners.remove(heard)
            if not listeners:
                self._listeners.pop(topic, None)

        return stop

    async def publish(self, topic: str, payload: Any = None) -> None:
        self.deliver(topic, payload)

    def deliver(self, topic: str, payload: Any) -> None:
        for heard in list(self._listeners.get(topic, ())):
            heard(payload)

    def resync(self) -> None:
        """Tells every listener that messages may have been missed."""
        for topic in list(self._listeners):
            self.deliver(topic, None)
