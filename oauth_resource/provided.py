"""How a room reaches a part of the running process without importing what puts the process together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class ProvidedPart(Generic[T]):
    """A part that the wiring provides once, when Django starts; calling this returns it.

    Provided is a function, so that starting Django makes nothing: the part is made at its first use.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._make: Callable[[], T] | None = None

    def provide(self, make: Callable[[], T]) -> None:
        """``make`` returns the same part at every call, or an equal one."""
        self._make = make

    def __call__(self) -> T:
        """Raises RuntimeError in a process whose INSTALLED_APPS lacks ``gauzy_mcp``, which provides every part."""
        if self._make is None:
            raise RuntimeError(f"{self._name} was not provided: add gauzy_mcp to INSTALLED_APPS, as the last one")
        return self._make()
