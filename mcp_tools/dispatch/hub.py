"""Who wants to hear of changes, in this process; the bus brings the changes of all processes.

Two kinds of change: a list (tools, prompts, resources) is another one now, or a resource was updated. A resource is
named by its topic, tenant and address together, so that nobody hears of another tenant's records.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from mcp_tools.catalog.changes import Kind
from mcp_tools.protocol import messages
from mcp_tools.sessions.backplane import Backplane
from mcp_tools.sessions.errors import StateUnavailable
from mcp_tools.sessions.events import STANDALONE

log = logging.getLogger("gauzy_mcp.engine")

CHANGED: Final = "changed"
UPDATED: Final = "updated"


@dataclass(slots=True, eq=False)
class Listener:
    """``kinds`` are the lists and ``topics`` the resources it wants; ``deliver`` takes method and params."""

    deliver: Callable[[str, dict[str, Any]], Awaitable[None]]
    kinds: set[Kind] = field(default_factory=lambda: {"tools", "prompts", "resources"})
    topics: set[str] = field(default_factory=set)


def topic_of(tenant_id: str, uri: str) -> str:
    return f"{tenant_id} {uri}"


class Hub:
    def __init__(self, plane: Backplane) -> None:
        self._plane = plane
        self._listeners: set[Listener] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._heard = False

    def add(self, listener: Listener) -> Callable[[], None]:
        """Delivers changes to ``listener`` until the answered function is called."""
        self._listen_to_the_bus()
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def list_changed(self, kind: Kind) -> None:
        """Tells every client of every process. Called from the catalogue, which knows no loop."""
        with suppress(RuntimeError):
            # Without a running loop nobody is connected yet.
            self._spawn(asyncio.get_running_loop(), self._plane.bus.publish(CHANGED, kind))

    async def updated(self, tenant_id: str, uri: str) -> None:
        """Tells who subscribed to ``uri``: HTTP sessions by their event log, connections by the bus."""
        topic = topic_of(tenant_id, uri)
        note = messages.encode_notification("notifications/resources/updated", {"uri": uri})
        try:
            for uid in await self._plane.sessions.subscribers(topic):
                await self._plane.events.append(uid, STANDALONE, note)
            await self._plane.bus.publish(UPDATED, [topic, uri])
        except StateUnavailable as error:
            # The change itself is done; who subscribed reads it later than it could have.
            log.warning("subscribers of a change were not told: %s", error)

    def _listen_to_the_bus(self) -> None:
        if not self._heard:
            self._heard = True
            self._plane.bus.listen(CHANGED, self._on_changed)
            self._plane.bus.listen(UPDATED, self._on_updated)

    def _on_changed(self, kind: Kind | None) -> None:
        for listener in list(self._listeners):
            if kind in listener.kinds:
                self._deliver(listener, f"notifications/{kind}/list_changed", {})

    def _on_updated(self, payload: list[str] | None) -> None:
        for listener in list(self._listeners):
            # After a gap in the bus nobody knows what changed: every subscribed resource may have.
            for topic in listener.topics if payload is None else listener.topics & {payload[0]}:
                self._deliver(listener, "notifications/resources/updated", {"uri": topic.partition(" ")[2]})

    def _deliver(self, listener: Listener, method: str, params: dict[str, Any]) -> None:
        self._spawn(asyncio.get_running_loop(), listener.deliver(method, params))

    def _spawn(self, loop: asyncio.AbstractEventLoop, work: Any) -> None:
        task = loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.warning("a change could not be told: %s", task.exception())
