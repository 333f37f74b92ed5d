"""The sandbox as an ASGI application: http requests in, Gauzy's answers out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

from mcp_tools.clock import Clock, utc_now
from mcp_tools.sandbox.domains import ROUTES, auth
from mcp_tools.sandbox.http import Call, Disguised, Refusal, Reply, forbidden, parse_query, unauthorized
from mcp_tools.sandbox.routing import Access, Route, Router
from mcp_tools.sandbox.seed import seed
from mcp_tools.sandbox.store import Store

log = logging.getLogger("gauzy_mcp.sandbox")

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

PREFIX: Final = "/api"
MAX_BODY: Final = 4 * 1024 * 1024
_ROUTER: Final = Router(ROUTES)
_SUCCESS: Final = {"GET": 200, "POST": 201, "PUT": 200, "DELETE": 200}


class Sandbox:
    """A Gauzy whose records are in the file at ``path``, which is made and seeded when it is not there.

    ``key`` signs its tokens; all processes that share the file share the key. ``clock`` is the time of day of its
    records; tokens live by the machine's.
    """

    def __init__(self, path: Path, key: bytes, clock: Clock = utc_now) -> None:
        self._store = Store(path, seed, clock)
        self._key = key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"the sandbox speaks http, not {scope['type']}")
        raw = await _body(receive)
        reply = Reply(413, {"statusCode": 413, "message": "request entity too large"})
        if raw is not None:
            # Records are read and written in a thread, so that the loop stays free for others.
            reply = await asyncio.to_thread(self.answer, scope, raw)
        kind, body = reply.encoded()
        headers = [(b"content-type", kind)] if kind else []
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def answer(self, scope: Scope, raw: bytes) -> Reply:
        """One request in its own transaction. An error that Gauzy would answer is an answer, and what it did stays."""
        try:
            with self._store.transaction(write=scope["method"] != "GET") as store:
                try:
                    return _handle(_call(scope, raw, store, self._key))
                except Refusal as refusal:
                    return refusal.reply
        except Exception:
            log.exception("the sandbox failed at %s %s", scope["method"], scope["path"])
            return Reply(500, {"statusCode": 500, "message": "Internal server error"})

    def close(self) -> None:
        self._store.close()


def _call(scope: Scope, raw: bytes, store: Any, key: bytes) -> Call:
    query = scope.get("query_string", b"")
    url = scope["path"] + (f"?{query.decode('latin-1')}" if query else "")
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return Call(scope["method"], scope["path"], url, parse_query(query), headers, raw, store, key)


def _handle(call: Call) -> Reply:
    found = _ROUTER.find(call.method, call.path.removeprefix(PREFIX)) if call.path.startswith(PREFIX) else None
    if found is None:
        raise Refusal(404, f"Cannot {call.method} {call.url}")
    route, call.ids = found
    _admit(call, route)
    try:
        return route.handler(call)
    except Disguised as error:
        return Reply(_SUCCESS[call.method], {"message": str(error)})


def _admit(call: Call, route: Route) -> None:
    """Gauzy's guards, in their order: token, tenant, permission."""
    if route.access is Access.PUBLIC:
        return
    if not auth.recognise(call):
        raise unauthorized()
    if route.access is Access.TENANT:
        auth.check_tenant(call)
    if route.permissions and not call.may(*route.permissions):
        raise forbidden()


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None when it is too large or its sender is gone."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            return None
        if not message.get("more_body"):
            return b"".join(parts)
