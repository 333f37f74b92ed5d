"""From a request to its answer. Every transport brings its requests here."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from mcp_tools.dispatch.calling import ToolCalls
from mcp_tools.dispatch.exchange import Exchange
from mcp_tools.dispatch.inflight import InFlight
from mcp_tools.dispatch.lifecycle import Lifecycle
from mcp_tools.dispatch.listing import ToolList
from mcp_tools.dispatch.reply import Prepared, Reply
from mcp_tools.protocol.errors import INTERNAL_ERROR, ProtocolError, method_not_found
from mcp_tools.protocol.messages import Notification, Request
from mcp_tools.protocol.meta import names_a_revision, progress_token
from mcp_tools.sessions.store import SessionStore

log = logging.getLogger("gauzy_mcp.engine")

Handler = Callable[[Request, Exchange], Awaitable[dict[str, Any] | Prepared]]

QUICK = frozenset({"initialize", "ping", "tools/list", "server/discover"})
"""Methods answered from memory: no transport needs a task of its own for them, and nobody can cancel them in time."""


class Engine:
    """Answers requests of both eras. Holds no state of any caller; that is in the exchange and its session."""

    def __init__(
        self, *, lifecycle: Lifecycle, tools: ToolList, calls: ToolCalls, sessions: SessionStore, max_in_flight: int
    ) -> None:
        self.sessions = sessions
        self.in_flight = InFlight(max_in_flight)
        shared: dict[str, Handler] = {"tools/list": tools.answer, "tools/call": calls.answer}
        self._handshake: Mapping[str, Handler] = {"initialize": lifecycle.initialize, "ping": lifecycle.ping, **shared}
        self._stateless: Mapping[str, Handler] = {"server/discover": lifecycle.discover, **shared}

    async def answer(self, request: Request, exchange: Exchange) -> Reply:
        """The answer to ``request``; never raises but for cancellation.

        What goes wrong becomes a JSON-RPC error; the unexpected becomes -32603 with a reference that the log explains.
        """
        try:
            if names_a_revision(request.params) and not exchange.stateless:
                exchange.enter(request.params)
            handlers = self._stateless if exchange.stateless else self._handshake
            handler = handlers.get(request.method)
            if handler is None:
                raise method_not_found(request.method)
            exchange.progress_token = progress_token(request.params)
            return Reply.of(request.id, await handler(request, exchange))
        except ProtocolError as error:
            return Reply.refusal(request.id, error, stateless=exchange.stateless)
        except Exception:
            return Reply.refusal(request.id, self._unexpected(request), stateless=exchange.stateless)

    def hear(self, notification: Notification, scope: str) -> None:
        """Takes note of a notification; unknown ones are ignored, as JSON-RPC 2.0 section 4.1 wants."""
        if notification.method == "notifications/cancelled":
            self.in_flight.cancel(scope, notification.params.get("requestId"))

    def _unexpected(self, request: Request) -> ProtocolError:
        reference = secrets.token_hex(4)
        log.exception("unexpected error reference=%s method=%s", reference, request.method)
        return ProtocolError(INTERNAL_ERROR, f"Internal error (reference {reference})", {"reference": reference})
