"""Small records that any process may read and change field by field, such as the state of a task."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

MAX_RECORDS: Final = 100_000

Fields = Mapping[str, Any]
"""Field names with JSON values."""


class Records(Protocol):
    async def create(self, name: str, fields: Fields, ttl_seconds: float) -> None:
        """A new record that lives for ``ttl_seconds``."""

    async def change(self, name: str, fields: Fields) -> bool:
        """Sets the given fields and leaves the others. False when there is no such record."""

    async def read(self, name: str) -> dict[str, Any] | None:
        """All fields; None when there is no such record."""


class MemoryRecords:
    """The records of one process, at most ``MAX_RECORDS``."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._records: OrderedDict[str, tuple[float, dict[str, Any]]] = OrderedDict()

    async def create(self, name: str, fields: Fields, ttl_seconds: float) -> None:
        self._records[name] = (self._clock() + ttl_seconds, dict(fields))
        while len(self._records) > MAX_RECORDS:
            self._records.popitem(last=False)

    async def change(self, name: str, fields: Fields) -> bool:
        record = self._live(name)
        if record is None:
            return False
        record.update(fields)
        return True

    async def read(self, name: str) -> dict[str, Any] | None:
        record = self._live(name)
        return None if record is None else dict(record)

    def _live(self, name: str) -> dict[str, Any] | None:
        ends, record = self._records.get(name, (0.0, {}))
        if ends > self._clock():
            return record
        self._records.pop(name, None)
        return None
