"""Everything that the processes of one deployment share, behind one name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from mcp_tools.sessions.bus import Bus, LocalBus
from mcp_tools.sessions.events import EventLog, MemoryEvents
from mcp_tools.sessions.leases import Leases, MemoryLeases
from mcp_tools.sessions.limits import Limiter, MemoryLimits, Rates, Unlimited
from mcp_tools.sessions.mailbox import Mailbox, MemoryMailbox
from mcp_tools.sessions.records import MemoryRecords, Records
from mcp_tools.sessions.store import MemorySessions, SessionStore


class Lifetime(Protocol):
    async def ping(self) -> None:
        """Raises StateUnavailable when what processes share does not answer."""

    async def aclose(self) -> None:
        """Ends background work and connections."""


@dataclass(frozen=True, slots=True)
class Backplane:
    sessions: SessionStore
    events: EventLog
    bus: Bus
    mail: Mailbox
    leases: Leases
    records: Records
    limits: Limiter = field(default_factory=Unlimited)
    lifetime: Lifetime | None = None

    async def ping(self) -> None:
        """Raises StateUnavailable when what processes share does not answer."""
        if self.lifetime is not None:
            await self.lifetime.ping()

    async def aclose(self) -> None:
        if self.lifetime is not None:
            await self.lifetime.aclose()


def in_memory(ttl_seconds: float, rates: Rates | None = None) -> Backplane:
    """For one process. ``rates`` of None limit nobody."""
    bus = LocalBus()
    limits = MemoryLimits(rates) if rates else Unlimited()
    return Backplane(
        sessions=MemorySessions(ttl_seconds, limits=limits),
        events=MemoryEvents(ttl_seconds, bus),
        bus=bus,
        mail=MemoryMailbox(bus),
        leases=MemoryLeases(),
        records=MemoryRecords(),
        limits=limits,
    )
