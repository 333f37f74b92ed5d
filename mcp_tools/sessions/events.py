"""The event log: what was sent on a session's streams, so that a client can go on where its connection broke.

Source: 2025-11-25 page basic/transports#resumability-and-redelivery. A stream is one request's answer stream, or the
session's standalone stream (``STANDALONE``). Its last event is marked ``end``; nothing after the first end counts.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from mcp_tools.sessions.bus import Bus

STANDALONE: Final = "s"
MAX_EVENTS: Final = 1000
"""Events kept per stream; a client that was away for more than that has to ask again."""

MAX_STREAMS: Final = 10_000
BEGINNING: Final = "0-0"
_ID: Final = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Event:
    """``message`` is JSON-RPC, empty for a mark of ours that is not sent as a message."""

    id: str
    message: bytes
    end: bool = False


class EventLog(Protocol):
    async def append(self, uid: str, stream: str, message: bytes, *, end: bool = False) -> str:
        """Adds an event, wakes who follows the stream, and answers the event's id, which grows within the stream."""

    async def after(self, uid: str, stream: str, event_id: str) -> list[Event]:
        """The events that follow ``event_id``, oldest first."""

    async def last(self, uid: str, stream: str) -> str:
        """The id of the newest event, :data:`BEGINNING` when there is none."""


@dataclass(slots=True)
class _Stream:
    events: deque[Event] = field(default_factory=lambda: deque(maxlen=MAX_EVENTS))
    count: int = 0
    touched: float = 0.0


class MemoryEvents:
    """The log of one process: at most ``MAX_STREAMS`` streams, each ``ttl_seconds`` after its last event."""

    def __init__(self, ttl_seconds: float, bus: Bus, clock: Callable[[], float] = time.monotonic) -> None:
        self._ttl = ttl_seconds
        self._bus = bus
        self._clock = clock
        self._streams: OrderedDict[tuple[str, str], _Stream] = OrderedDict()

    async def append(self, uid: str, stream: str, message: bytes, *, end: bool = False) -> str:
        self._expire()
        kept = self._streams.setdefault((uid, stream), _Stream())
        kept.count += 1
        kept.touched = self._clock()
        self._streams.move_to_end((uid, stream))
        event_id = f"{kept.count}-0"
        kept.events.append(Event(event_id, message, end))
        await self._bus.publish(topic_of(uid, stream))
        return event_id

    async def after(self, uid: str, stream: str, event_id: str) -> list[Event]:
        kept = self._streams.get((uid, stream))
        if kept is None:
            return []
        seen = position(event_id)
        return [event for event in kept.events if position(event.id) > seen]

    async def last(self, uid: str, stream: str) -> str:
        kept = self._streams.get((uid, stream))
        return f"{kept.count}-0" if kept else BEGINNING

    def _expire(self) -> None:
        horizon = self._clock() - self._ttl
        while self._streams:
            key, oldest = next(iter(self._streams.items()))
            if oldest.touched >= horizon and len(self._streams) <= MAX_STREAMS:
                return
            del self._streams[key]


def topic_of(uid: str, stream: str) -> str:
    """The topic of the bus that tells of new events on a stream."""
    return f"events:{uid}:{stream}"


def position(event_id: str) -> tuple[int, int]:
    """The order of an event id, ``number-number`` of at most 18 digits each. Raises ValueError for another text."""
    match = _ID.fullmatch(event_id)
    if match is None:
        raise ValueError(f"not an event id: {event_id[:40]!r}")
    return int(match[1]), int(match[2])
