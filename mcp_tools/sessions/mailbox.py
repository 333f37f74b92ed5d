"""How a client's answer reaches the process that waits for it, wherever the client delivered it."""

from __future__ import annotations

from collections import deque
from typing import Final, Protocol

from mcp_tools.sessions.bus import Bus

MAIL_SECONDS: Final = 900
"""How long an answer may be waited for, and kept."""


def topic_of(address: str) -> str:
    """The topic of the bus that tells of new mail at ``address``."""
    return f"mail:{address}"


class Mailbox(Protocol):
    """Answers by address. An address is opened by the one that waits; mail to any other address is refused."""

    async def open(self, address: str) -> None:
        """Begins to take mail at ``address``, or goes on with it."""

    async def put(self, address: str, mail: bytes) -> bool:
        """Delivers and wakes who waits. False when nobody waits at ``address``."""

    async def take(self, address: str) -> bytes | None:
        """The mail that has arrived, once; None when there is none. A second answer replaces one not yet taken."""

    async def close(self, address: str) -> None:
        """Stops taking mail."""


class MemoryMailbox:
    """The mailbox of one process."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._boxes: dict[str, deque[bytes]] = {}

    async def open(self, address: str) -> None:
        self._boxes.setdefault(address, deque(maxlen=1))

    async def put(self, address: str, mail: bytes) -> bool:
        box = self._boxes.get(address)
        if box is None:
            return False
        box.append(mail)
        await self._bus.publish(topic_of(address))
        return True

    async def take(self, address: str) -> bytes | None:
        box = self._boxes.get(address)
        return box.popleft() if box else None

    async def close(self, address: str) -> None:
        self._boxes.pop(address, None)
