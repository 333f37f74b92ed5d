"""Leases: a running call is held by its process, and is known to be lost when the process stops renewing it."""

from __future__ import annotations

from typing import Final, Protocol

LEASE_SECONDS: Final = 10.0
"""How long a call outlives the last sign of its process."""


class Leases(Protocol):
    async def hold(self, name: str) -> None:
        """Takes the lease and keeps renewing it until :meth:`release`."""

    async def release(self, name: str) -> None:
        """Gives it up."""

    async def held(self, name: str) -> bool:
        """Whether some live process holds it."""


class MemoryLeases:
    """In one process, what is held is alive."""

    def __init__(self) -> None:
        self._held: set[str] = set()

    async def hold(self, name: str) -> None:
        self._held.add(name)

    async def release(self, name: str) -> None:
        self._held.discard(name)

    async def held(self, name: str) -> bool:
        return name in self._held
