"""Choosing an ASGI application by the exact path, which is cheaper than Django's routing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


def below(root: str, application: Application) -> Application:
    """``application`` as it is reached at the path ``root`` of a host, whether or not a proxy takes that path off."""
    if not root:
        return application

    async def shortened(scope: dict[str, Any], receive: Any, send: Any) -> None:
        path: str = scope.get("path", "")
        if path.startswith(f"{root}/"):
            scope = {**scope, "path": path.removeprefix(root), "raw_path": path.removeprefix(root).encode()}
        await application(scope, receive, send)

    return shortened


def by_path(applications: Mapping[str, Application], *, otherwise: Application) -> Application:
    """An ASGI application that hands each request to the one at its path.

    A slash at the end makes no difference: the application sees the path without it, and so do all rules.
    """

    async def route(scope: dict[str, Any], receive: Any, send: Any) -> None:
        path: str = scope["path"]
        if path.endswith("/") and path[:-1] in applications:
            path = path[:-1]
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await applications.get(path, otherwise)(scope, receive, send)

    return route
