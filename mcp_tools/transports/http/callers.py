"""Who POSTs: a plain caller, a client with a session, or a stateless client. Decided in the specification's order.

Source: 2026-07-28 page basic/versioning (dual-era servers) and basic/transports/streamable-http; for sessions
2025-11-25 page basic/transports#session-management.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from mcp_tools.dispatch.engine import QUICK, unavailable
from mcp_tools.dispatch.in_flight import in_flight
from mcp_tools.dispatch.rate_limiter import RateLimiter
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.protocol import attribution, headers
from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError
from mcp_tools.protocol.messages import Message, Request, RequestId
from mcp_tools.protocol.meta import names_a_revision
from mcp_tools.protocol.revisions import HANDSHAKE, PLAIN, STATELESS, UNNAMED
from mcp_tools.sessions.errors import AlreadyRunning, SessionEnded, StateUnavailable
from mcp_tools.sessions.limits import LimitExceeded
from mcp_tools.sessions.session import Session
from mcp_tools.sessions.store import SessionStore
from mcp_tools.transports.addresses import TrustedProxies
from mcp_tools.transports.http.admission import SESSION_HEADER, Admission, hit_of, principal_of
from mcp_tools.transports.http.origin_policy import SessionPolicy, header_reader

VERSION_HEADER: Final = "HTTP_MCP_PROTOCOL_VERSION"


class Callers:
    """Finds the context that a POST belongs to."""

    def __init__(
        self,
        sessions: SessionStore,
        policy: SessionPolicy,
        proxies: TrustedProxies,
        rate_limiter: RateLimiter,
        admission: Admission,
    ) -> None:
        self._proxies = proxies
        self._sessions = sessions
        self._rate_limiter = rate_limiter
        self._admission = admission
        self.policy = policy

    def address(self, request: HttpRequest) -> str:
        """The client's address, seen through trusted proxies."""
        return self._proxies.client(request.META.get("REMOTE_ADDR"), request.META.get("HTTP_X_FORWARDED_FOR"))

    async def context(self, request: HttpRequest, message: Message) -> RequestContext:
        """The context of ``message``. Raises ProtocolError with the HTTP status of the first rule it breaks.

        A request that takes a while holds its id in the session from here on (``leases.running_of``).
        """
        version = request.META.get(VERSION_HEADER)
        if is_stateless(message, version):
            await self._admission.settle(request)
            return self._stateless(request, message)
        if isinstance(message, Request) and message.method == "initialize":
            await self._admission.settle(request)
            return RequestContext("http", principal=principal_of(request))
        running = message.id if isinstance(message, Request) and message.method not in QUICK else None
        try:
            session = await self.session(request, running)
        except StateUnavailable as error:
            raise unavailable(error) from error
        if session is not None:
            context = self._of_session(session, version, from_cookie=SESSION_HEADER not in request.META)
            # The session says whose it is, the token of this request what may be done now.
            context.principal = principal_of(request)
            return context
        if version is not None and self.policy.enabled:
            raise ProtocolError(
                INVALID_REQUEST, "Missing session id: send initialize first and repeat its Mcp-Session-Id", status=400
            )
        return RequestContext("http", revision=version or PLAIN, principal=principal_of(request))

    async def session(self, request: HttpRequest, running: RequestId | None = None) -> Session | None:
        """The session a request names by header or cookie; None when it names none. Raises 404 for one that is gone.

        ``running`` is the id of the request, to be unique among the running ones of the session; else -32600.
        """
        session_id = request.META.get(SESSION_HEADER)
        try:
            if session_id is None:
                return await self._session_of_cookie(request, running)
            session = await self._look(request, session_id, running)
        except AlreadyRunning:
            raise in_flight(running) from None
        if session is None or session.transport != "http" or not session.belongs_to(principal_of(request)):
            raise SessionEnded
        attribution.identify(session=session.label)
        return session

    async def _session_of_cookie(self, request: HttpRequest, running: RequestId | None) -> Session | None:
        """A cookie speaks for a browser only: without an Origin nobody could tell who made the browser send it."""
        cookie = request.COOKIES.get(self.policy.cookie_name) if "HTTP_COOKIE" in request.META else None
        if not cookie:
            await self._admission.settle(request)
            return None
        if "HTTP_ORIGIN" not in request.META:
            raise ProtocolError(
                INVALID_REQUEST,
                "A session cookie needs an allowed Origin; programs send Mcp-Session-Id instead",
                status=403,
            )
        session = await self._look(request, cookie, running)
        # A browser may still have the cookie of whoever used it before.
        return session if session is not None and session.belongs_to(principal_of(request)) else None

    async def _look(self, request: HttpRequest, session_id: str, running: RequestId | None) -> Session | None:
        """Looks at a session, and counts the request with it. Raises RateLimited."""
        hit = hit_of(request)
        try:
            return await self._sessions.get(session_id, running, hit)
        except LimitExceeded as error:
            assert hit is not None
            raise self._rate_limiter.refusal(hit, error.exceeded) from None

    def _of_session(self, session: Session, version: str | None, *, from_cookie: bool) -> RequestContext:
        if version is not None and version not in HANDSHAKE:
            raise _unsupported(version)
        return RequestContext(
            "http",
            revision=session.revision or version or PLAIN,
            client=session.client,
            capabilities=session.capabilities,
            session=session,
            session_from_cookie=from_cookie,
        )

    def _stateless(self, request: HttpRequest, message: Message) -> RequestContext:
        context = RequestContext("http", revision=STATELESS[-1], principal=principal_of(request))
        context.header = header_reader(request)
        if isinstance(message, Request):
            # The envelope first, then the headers, then the version: the order of the specification's checks.
            context.read_envelope(message.params)
            headers.check(message, context.header)
            context.check_revision()
        return context


def is_stateless(message: Message, version: str | None) -> bool:
    """Whether a POST belongs to the stateless era: the body decides, then a version header of no older revision."""
    in_body = isinstance(message, Request) and names_a_revision(message.params)
    return in_body or (version is not None and version not in HANDSHAKE)


def batch_revision(session: Session | None, version: str | None) -> str:
    """The revision that decides whether a batch is legal."""
    return (session.revision if session else "") or version or UNNAMED


def _unsupported(version: str) -> ProtocolError:
    known = ", ".join((*HANDSHAKE, *STATELESS))
    return ProtocolError(
        INVALID_REQUEST, f"Unsupported MCP-Protocol-Version {version[:32]!r}: known are {known}", status=400
    )
