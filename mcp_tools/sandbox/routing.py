"""Which handler answers a method and path, and who may ask."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from mcp_tools.sandbox.http import Call, Reply

Handler = Callable[[Call], Reply]

_ID: Final = ":"


class Access(enum.Enum):
    """PUBLIC asks nobody; SIGNED_IN wants a token; TENANT wants the tenant in the request as well."""

    PUBLIC = enum.auto()
    SIGNED_IN = enum.auto()
    TENANT = enum.auto()


@dataclass(frozen=True, slots=True)
class Route:
    """``path`` is without ``/api``; a step that starts with a colon is an id. One of ``permissions`` is enough."""

    method: str
    path: str
    handler: Handler
    permissions: tuple[str, ...] = ()
    access: Access = Access.TENANT


def get(path: str, handler: Handler, *permissions: str, access: Access = Access.TENANT) -> Route:
    return Route("GET", path, handler, permissions, access)


def post(path: str, handler: Handler, *permissions: str, access: Access = Access.TENANT) -> Route:
    return Route("POST", path, handler, permissions, access)


def put(path: str, handler: Handler, *permissions: str) -> Route:
    return Route("PUT", path, handler, permissions)


def delete(path: str, handler: Handler, *permissions: str) -> Route:
    return Route("DELETE", path, handler, permissions)


class Router:
    """Finds routes. Of two that fit, the one whose named steps come first wins; a later one replaces an equal one."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes: dict[tuple[str, int], dict[tuple[str, ...], Route]] = {}
        for route in routes:
            steps = _steps(route.path)
            shape = tuple(_ID if step.startswith(":") else step for step in steps)
            self._routes.setdefault((route.method, len(steps)), {})[shape] = route

    def find(self, method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
        """The route of ``path`` and its ids."""
        steps = _steps(path)
        fitting = [
            (shape, route)
            for shape, route in self._routes.get((method, len(steps)), {}).items()
            if all(known in (_ID, step) for known, step in zip(shape, steps, strict=True))
        ]
        if not fitting:
            return None
        shape, route = max(fitting, key=lambda found: [step != _ID for step in found[0]])
        return route, tuple(step for known, step in zip(shape, steps, strict=True) if known == _ID)


def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.strip("/").split("/"))
