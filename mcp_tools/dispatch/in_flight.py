"""The requests that are running, so that they can be cancelled, counted and told apart."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import Any, TypeVar

from mcp_tools.protocol.errors import INVALID_REQUEST, TOO_MANY_REQUESTS, ProtocolError
from mcp_tools.protocol.messages import RequestId, is_id

Result = TypeVar("Result")


class InFlight:
    """Running requests by scope (a connection or a session) and id.

    An id is unique among the running requests of its scope, and a scope runs at most ``limit`` of them.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._scopes: dict[str, dict[RequestId, asyncio.Task[Any]]] = {}
        self._visitors: dict[str, set[asyncio.Task[Any]]] = {}
        self._attached: set[asyncio.Task[Any]] = set()

    def check(self, scope: str, request_id: RequestId) -> None:
        """Raises -32600 for an id that runs already in ``scope``, -32029 when the scope is full."""
        running = self._scopes.get(scope)
        if running is None:
            return
        if request_id in running:
            raise in_flight(request_id)
        if len(running) >= self._limit:
            raise ProtocolError(
                TOO_MANY_REQUESTS,
                f"Too many requests at once: at most {self._limit} may be in flight (MCP_MAX_IN_FLIGHT)",
            )

    def start(
        self, scope: str, request_id: RequestId, work: Coroutine[Any, Any, Result], *, visitor: str = ""
    ) -> asyncio.Task[Result]:
        """Runs ``work`` as a cancellable request; call :meth:`check` first. ``visitor`` is whose it is besides."""
        task = asyncio.create_task(work)
        self._scopes.setdefault(scope, {})[request_id] = task
        task.add_done_callback(partial(self._forget, scope, request_id))
        if visitor:
            self._visitors.setdefault(visitor, set()).add(task)
            task.add_done_callback(partial(self._leave, visitor))
        return task

    def cancel(self, scope: str, request_id: object) -> bool:
        """Cancels a running request. False when none has this id: it may just have been answered."""
        if not is_id(request_id):
            return False
        task = self._scopes.get(scope, {}).get(request_id)  # type: ignore[call-overload]
        return task is not None and task.cancel()

    def cancel_all(self, scope: str) -> list[asyncio.Task[Any]]:
        """Cancels everything of a scope or visitor that ends, and answers the tasks to wait for."""
        tasks = [*self._scopes.get(scope, {}).values(), *self._visitors.get(scope, ())]
        for task in tasks:
            task.cancel()
        return tasks

    def all(self, scope: str) -> list[asyncio.Task[Any]]:
        return list(self._scopes.get(scope, {}).values())

    async def settle(self, seconds: float) -> None:
        """Waits until nothing runs any more, at most so long."""
        running = {task for scope in self._scopes.values() for task in scope.values()} | self._attached
        if running:
            await asyncio.wait(running, timeout=seconds)

    def attach(self, task: asyncio.Task[Any]) -> None:
        """Keeps a task that answers for others alive until it is done: asyncio itself holds tasks only weakly."""
        self._attached.add(task)
        task.add_done_callback(self._attached.discard)

    def _leave(self, visitor: str, task: asyncio.Task[Any]) -> None:
        running = self._visitors.get(visitor, set())
        running.discard(task)
        if not running:
            self._visitors.pop(visitor, None)

    def _forget(self, scope: str, request_id: RequestId, task: asyncio.Task[Any]) -> None:
        running = self._scopes.get(scope)
        if running is not None:
            running.pop(request_id, None)
            if not running:
                del self._scopes[scope]


def in_flight(request_id: object) -> ProtocolError:
    """-32600 for a request whose id another running one has."""
    return ProtocolError(INVALID_REQUEST, f"Invalid request: id {request_id!r} is already in flight")
