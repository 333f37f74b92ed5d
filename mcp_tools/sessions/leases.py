"""Leases: a running call is held by its process, and is known to be lost when the process stops renewing it."""

from __future__ import annotations

import hashlib
from typing import Final, Protocol

import orjson

from mcp_tools.protocol.messages import RequestId

LEASE_SECONDS: Final = 10.0
"""How long a call outlives the last sign of its process."""

RENEWALS: Final = 4
"""How often a lease is renewed in its time."""


class Leases(Protocol):
    async def hold(self, name: str) -> None:
        """Takes the lease and keeps renewing it until :meth:`release`."""

    def keep(self, name: str) -> None:
        """Renews a lease that was taken just now, until :meth:`release`."""

    async def release(self, name: str) -> None:
        """Gives it up."""

    def let_go(self, name: str) -> None:
        """Gives it up without waiting for that."""

    async def held(self, name: str) -> bool:
        """Whether some live process holds it."""


class MemoryLeases:
    """In one process, what is held is alive."""

    def __init__(self) -> None:
        self._held: set[str] = set()

    async def hold(self, name: str) -> None:
        self._held.add(name)

    def keep(self, name: str) -> None:
        self._held.add(name)

    async def release(self, name: str) -> None:
        self._held.discard(name)

    def let_go(self, name: str) -> None:
        self._held.discard(name)

    async def held(self, name: str) -> bool:
        return name in self._held


def running_of(session_id: str, request_id: RequestId) -> str:
    """The lease on an id among the running requests of a session, whose own id is a secret."""
    named = session_id.encode() + b" " + orjson.dumps(_same(request_id))
    return "running:" + hashlib.sha256(named).hexdigest()


def _same(request_id: RequestId) -> RequestId:
    """One value for 1 and 1.0, which are the same id."""
    return int(request_id) if isinstance(request_id, float) else request_id
