"""Who sends an HTTP request: a plain caller, a client with a session, or a stateless client.

Decided in the specification's order. Sources: 2026-07-28 page basic/versioning (dual-era servers) and
basic/transports/streamable-http; for sessions 2025-11-25 page basic/transports#session-management.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from mcp_tools.dispatch.caller import Caller
from mcp_tools.dispatch.engine import QUICK, unavailable
from mcp_tools.dispatch.in_flight import in_flight
from mcp_tools.dispatch.rate_limiter import RateLimiter
from mcp_tools.dispatch.tool_selection import ToolSelection, ToolSelections
from mcp_tools.protocol import attribution, eras
from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError
from mcp_tools.protocol.messages import Batch, Message, Request, RequestId
from mcp_tools.sessions.errors import AlreadyRunning, CookieOutlived, SessionEnded, StateUnavailable
from mcp_tools.sessions.limits import LimitExceeded
from mcp_tools.sessions.session import Session, Transport
from mcp_tools.sessions.store import SessionStore
from mcp_tools.transports.addresses import TrustedProxies
from mcp_tools.transports.http.admission import SESSION_HEADER, Admission, hit_of, principal_of
from mcp_tools.transports.http.origin_policy import SessionPolicy, header_reader
from mcp_tools.transports.origins import AllowList

VERSION_HEADER: Final = "HTTP_MCP_PROTOCOL_VERSION"
_EVERYTHING: Final = ToolSelection()


class HttpCallers:
    """Makes the :class:`Caller` of every HTTP request. ``selections`` reads what the request narrows the tools to."""

    def __init__(
        self,
        sessions: SessionStore,
        policy: SessionPolicy,
        proxies: TrustedProxies,
        rate_limiter: RateLimiter,
        admission: Admission,
        selections: ToolSelections,
        allowed: AllowList,
    ) -> None:
        self._sessions = sessions
        self._proxies = proxies
        self._rate_limiter = rate_limiter
        self._admission = admission
        self._selections = selections
        self._allowed = allowed
        self.policy = policy

    def address(self, request: HttpRequest) -> str:
        """The client's address, seen through trusted proxies."""
        return self._proxies.client(request.META.get("REMOTE_ADDR"), request.META.get("HTTP_X_FORWARDED_FOR"))

    async def of_message(self, request: HttpRequest, message: Message) -> Caller:
        """Who POSTs ``message``. Raises ProtocolError with the HTTP status of the first rule it breaks.

        A request that takes a while holds its id in the session from here on (``leases.running_of``).
        """
        named = request.META.get(VERSION_HEADER)
        if eras.is_stateless(message, named):
            await self._admission.settle(request)
            return self._caller(request, None, named)
        version = eras.handshake_version(message, named)
        if isinstance(message, Request) and message.method == "initialize":
            await self._admission.settle(request)
            return self._caller(request, None, version)
        running = message.id if isinstance(message, Request) and message.method not in QUICK else None
        session = await self._session_or_unavailable(request, running)
        if session is None and version is not None and self.policy.enabled:
            raise _missing_session()
        return self._caller(request, session, version)

    async def of_batch(self, request: HttpRequest, batch: Batch, most: int) -> Caller:
        """Who POSTs ``batch``, each of whose messages counts as a request: all are admitted or none.

        One of more than ``most`` messages is refused anyway, and counts as one.
        """
        version = eras.handshake_version(None, request.META.get(VERSION_HEADER))
        self._admission.cost(request, len(batch.items) if len(batch.items) <= most else 1)
        return self._caller(request, await self._session_or_unavailable(request, None), version)

    async def of_stream(self, request: HttpRequest, session_id: str) -> Caller:
        """Who POSTs to the stream of 2024-11-05 named ``session_id``. Raises 404 for one that is closed or foreign."""
        session = await self._look(request, session_id, None)
        if session is None or session.transport != "sse" or not session.belongs_to(principal_of(request)):
            raise ProtocolError(INVALID_REQUEST, "Session not found: open the stream again", status=404)
        attribution.identify(session=session.label)
        return self._caller(request, session, None, transport="sse")

    async def session(self, request: HttpRequest, running: RequestId | None = None) -> Session | None:
        """The session a request names by header or cookie; None when it names none. Raises 404 for one that is gone.

        ``running`` is the id of the request, to be unique among the running ones of the session; else -32600.
        """
        session_id = request.META.get(SESSION_HEADER)
        try:
            if session_id is None:
                return await self._session_of_cookie(request, running)
            session = await self._look(request, session_id, running) if self.policy.enabled else None
        except AlreadyRunning:
            raise in_flight(running) from None
        if session is None or session.transport != "http" or not session.belongs_to(principal_of(request)):
            raise SessionEnded
        attribution.identify(session=session.label)
        return session

    def selection(self, request: HttpRequest) -> ToolSelection:
        """What a request narrows the tools to, by its headers and its URL. Each request chooses for itself."""
        toolsets, read_only = request.META.get("HTTP_X_MCP_TOOLSETS"), request.META.get("HTTP_X_MCP_READONLY")
        if not request.META.get("QUERY_STRING"):
            return self._selections.read(toolsets, read_only) if toolsets or read_only else _EVERYTHING
        in_query = [",".join(request.GET.getlist(name)) for name in ("toolsets", "readonly")]
        return self._selections.combined(toolsets, read_only, *in_query)

    def _caller(
        self, request: HttpRequest, session: Session | None, version: str | None, *, transport: Transport = "http"
    ) -> Caller:
        return Caller(
            transport=transport,
            # The session says whose it is, the token of this request what may be done now.
            principal=principal_of(request),
            address=self.address(request),
            session=session,
            from_cookie=session is not None and transport == "http" and SESSION_HEADER not in request.META,
            selection=self.selection(request),
            scope=session.uid if session is not None else f"post-{id(request)}",
            version=version,
            header=header_reader(request),
        )

    async def _session_or_unavailable(self, request: HttpRequest, running: RequestId | None) -> Session | None:
        try:
            return await self.session(request, running)
        except StateUnavailable as error:
            raise unavailable(error) from error

    async def _session_of_cookie(self, request: HttpRequest, running: RequestId | None) -> Session | None:
        """A cookie speaks for a browser only: without an Origin nobody could tell who made the browser send it."""
        cookie = request.COOKIES.get(self.policy.cookie_name) if "HTTP_COOKIE" in request.META else None
        if not cookie or not self.policy.enabled:
            await self._admission.settle(request)
            return None
        if "HTTP_ORIGIN" not in request.META:
            raise ProtocolError(
                INVALID_REQUEST,
                "A session cookie needs an allowed Origin; programs send Mcp-Session-Id instead",
                status=403,
            )
        if not self._allowed.allows_cookie(request.META["HTTP_ORIGIN"], request.META.get("HTTP_HOST", "")):
            await self._admission.settle(request)
            return None
        session = await self._look(request, cookie, running)
        principal = principal_of(request)
        if session is None and not principal.key:
            raise CookieOutlived
        # A browser may still have the cookie of whoever used it before.
        ours = session is not None and session.transport == "http" and session.belongs_to(principal)
        return session if ours else None

    async def _look(self, request: HttpRequest, session_id: str, running: RequestId | None) -> Session | None:
        """Looks at a session, and counts the request with it. Raises RateLimited."""
        hit = hit_of(request)
        try:
            return await self._sessions.get(session_id, running, hit, principal_of(request))
        except LimitExceeded as error:
            assert hit is not None
            raise self._rate_limiter.refusal(hit, error.exceeded) from None


def _missing_session() -> ProtocolError:
    return ProtocolError(
        INVALID_REQUEST, "Missing session id: send initialize first and repeat its Mcp-Session-Id", status=400
    )
