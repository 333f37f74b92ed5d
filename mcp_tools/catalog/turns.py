"""One change at a time where Gauzy has no lock: of two that read the same before they write, one would be lost.

This holds within a process; two processes can still meet.
"""

from __future__ import annotations

import asyncio
from typing import Final
from weakref import WeakValueDictionary

_turns: Final[WeakValueDictionary[str, asyncio.Lock]] = WeakValueDictionary()


def turn(subject: str) -> asyncio.Lock:
    """The lock of ``subject``, such as the path of a record; hold it from the look to the write."""
    return _turns.setdefault(subject, asyncio.Lock())
