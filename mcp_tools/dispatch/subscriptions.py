"""Hearing of changes: resources/subscribe in the handshake era, subscriptions/listen in the stateless one.

Sources: 2025-11-25 page server/resources#subscriptions; 2026-07-28 page basic/patterns/subscriptions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from mcp_tools.catalog.changes import Kind
from mcp_tools.dispatch.hub import Hub, Listener, topic_of
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError, invalid_params
from mcp_tools.protocol.messages import Request
from mcp_tools.protocol.meta import SUBSCRIPTION_ID
from mcp_tools.sessions.store import SessionStore

MAX_TOPICS: Final = 500

_LISTS: Final[dict[str, Kind]] = {
    "toolsListChanged": "tools",
    "promptsListChanged": "prompts",
    "resourcesListChanged": "resources",
}

Tenant = Callable[[RequestContext, str], Awaitable[str]]
"""Answers the tenant whose resource an address is for this caller. Raises for a resource that is not there."""


class Subscriptions:
    """``tenant`` says whose resource an address is for a caller."""

    def __init__(self, hub: Hub, sessions: SessionStore, tenant: Tenant) -> None:
        self._hub = hub
        self._sessions = sessions
        self._tenant = tenant
        self._listening: set[asyncio.Event] = set()
        self._closed = False

    async def subscribe(self, request: Request, context: RequestContext) -> dict[str, Any]:
        topic = topic_of(await self._tenant(context, _uri(request)), _uri(request))
        if context.topics is not None:
            if len(context.topics) >= MAX_TOPICS:
                raise invalid_params(f"At most {MAX_TOPICS} resources can be subscribed to", {"field": "uri"})
            context.topics.add(topic)
        elif context.session is not None:
            await self._sessions.subscribe(context.session, topic)
        else:
            raise ProtocolError(INVALID_REQUEST, "A subscription needs a session: send initialize first")
        return {}

    async def unsubscribe(self, request: Request, context: RequestContext) -> dict[str, Any]:
        topic = topic_of(await self._tenant(context, _uri(request)), _uri(request))
        if context.topics is not None:
            context.topics.discard(topic)
        elif context.session is not None:
            await self._sessions.unsubscribe(context.session, topic)
        return {}

    async def listen(self, request: Request, context: RequestContext) -> dict[str, Any]:
        """Runs until the client goes, cancels, or this process ends; notifications carry the request's id."""
        if context.outlet is None:
            raise ProtocolError(
                INVALID_REQUEST, "subscriptions/listen is answered by a stream: accept text/event-stream"
            )
        wanted = _wanted(request)
        lists = [name for name in _LISTS if wanted.get(name) is True]
        mark = {"_meta": {SUBSCRIPTION_ID: request.id}}
        acknowledged, over = asyncio.Event(), asyncio.Event()

        async def deliver(method: str, params: dict[str, Any]) -> None:
            await acknowledged.wait()
            await context.notify(method, {**params, **mark})

        topics = await self._topics(context, wanted)
        stop = self._hub.add(Listener(deliver, {_LISTS[name] for name in lists}, topics))
        self._listening.add(over)
        try:
            honoured: dict[str, Any] = dict.fromkeys(lists, True)
            if topics:
                honoured["resourceSubscriptions"] = wanted["resourceSubscriptions"]
            await context.notify("notifications/subscriptions/acknowledged", {"notifications": honoured, **mark})
            acknowledged.set()
            if not self._closed:
                await over.wait()
        finally:
            stop()
            self._listening.discard(over)
        return {"resultType": "complete", **mark}

    def close(self) -> None:
        """Answers every listener, open or to come, as a server that stops has to."""
        self._closed = True
        for over in self._listening:
            over.set()

    async def _topics(self, context: RequestContext, wanted: dict[str, Any]) -> set[str]:
        addresses = wanted.get("resourceSubscriptions") or []
        if not isinstance(addresses, list) or len(addresses) > MAX_TOPICS:
            raise invalid_params(f"resourceSubscriptions must be a list of at most {MAX_TOPICS} addresses")
        if not all(isinstance(uri, str) for uri in addresses):
            raise invalid_params("resourceSubscriptions must hold texts")
        return {topic_of(await self._tenant(context, uri), uri) for uri in addresses}


def _wanted(request: Request) -> dict[str, Any]:
    wanted = request.params.get("notifications")
    if not isinstance(wanted, dict):
        raise invalid_params("notifications must be an object that says what to hear of", {"field": "notifications"})
    return wanted


def _uri(request: Request) -> str:
    uri = request.params.get("uri")
    if not isinstance(uri, str):
        raise invalid_params("uri must be a string", {"field": "uri"})
    return uri
