"""Paths: where on its host this server is, and which ASGI application answers at a path.

Where it is follows from configuration and never from a request. daphne takes ``root_path`` from a header that any
client can send, and Django takes ``root_path`` off a path before it routes: a request could choose what rules see.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


ROOT_PATH_HEADER: Final = b"daphne-root-path"


def below(root: str, application: Application) -> Application:
    """``application`` as it is reached at the path ``root`` of a host, whether or not a proxy takes that path off.

    It sees paths without ``root``, ``root`` as the ``root_path``, and no header that claims another one.
    """

    async def placed(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            scope = {**scope, "root_path": root, "headers": _without_root_path(scope["headers"])}
            if root and scope["path"].startswith(f"{root}/"):
                raw: bytes = scope.get("raw_path") or scope["path"].encode()
                scope |= {"path": scope["path"].removeprefix(root), "raw_path": raw.removeprefix(root.encode())}
        await application(scope, receive, send)

    return placed


def with_root(application: Application) -> Application:
    """``application`` that is given whole paths, as Django expects: it takes the ``root_path`` off by itself.

    Otherwise it would take it off a second time, and ``/root/root/metrics`` would be another address of ``/metrics``.
    """

    async def whole(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await application({**scope, "path": scope["root_path"] + scope["path"]}, receive, send)

    return whole


def _without_root_path(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [header for header in headers if header[0] != ROOT_PATH_HEADER]


def by_path(
    applications: Mapping[str, Application],
    *,
    exact: Mapping[str, Application] | None = None,
    otherwise: Application,
) -> Application:
    """An ASGI application that hands each request to the one at its path.

    A slash at the end makes no difference: the application sees the path without it, and so do all rules. It does for
    ``exact`` ones, which a proxy may keep from the public by their address.
    """
    by_exact_path = {**applications, **(exact or {})}

    async def route(scope: dict[str, Any], receive: Any, send: Any) -> None:
        path: str = scope["path"]
        if path.endswith("/") and path[:-1] in applications:
            path = path[:-1]
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await by_exact_path.get(path, otherwise)(scope, receive, send)

    return route
