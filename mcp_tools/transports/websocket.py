"""WebSocket: one JSON-RPC message per text frame, the connection is the session.

The specification leaves WebSocket to custom transports (page basic/transports#custom-transports); this one does
what the official SDKs' clients expect: subprotocol ``mcp``, echoed when offered. Close codes: RFC 6455 section 7.4.1.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer

from mcp_tools.dispatch.caller import Caller
from mcp_tools.dispatch.connection import Connection
from mcp_tools.dispatch.engine import Engine
from mcp_tools.dispatch.presence import ENDED
from mcp_tools.dispatch.rate_limiter import RateLimited
from mcp_tools.dispatch.tool_selection import ToolSelection
from mcp_tools.protocol import attribution
from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError
from mcp_tools.sessions.errors import CookieOutlived, StateUnavailable
from mcp_tools.sessions.session import Session
from mcp_tools.transports.addresses import TrustedProxies
from mcp_tools.transports.origins import AllowList
from mcp_tools.transports.refused_upgrades import deny
from mcp_tools.transports.token_watch import until_it_ends
from oauth_resource.principal import ANONYMOUS, Principal
from oauth_resource.resource.authenticator import Authenticator, Refused
from oauth_resource.resource.claims import Access

log = logging.getLogger("gauzy_mcp.websocket")

SUBPROTOCOL: Final = "mcp"
GOING_AWAY: Final = 1001
UNSUPPORTED_DATA: Final = 1003
TOO_BIG: Final = 1009
TRY_AGAIN_LATER: Final = 1013
SESSION_ENDED: Final = 4001
"""Ours (RFC 6455 section 7.4.2 leaves 4000 to 4999 to applications): somebody ended the session elsewhere."""
UNAUTHORIZED: Final = 4401
"""Ours: the access token of the upgrade expired or was revoked; connect again with another one."""


@dataclass(frozen=True, slots=True)
class WebSocketPolicy:
    """``max_payload`` is MCP_WS_MAX_PAYLOAD, in bytes of one message; ``cookie`` resumes a browser's session.

    ``authenticator`` checks access tokens, None when nobody is authenticated; ``recheck_seconds`` is the time
    between two looks at the token of an open socket.
    """

    allowed: AllowList
    max_payload: int
    proxies: TrustedProxies
    cookie: str | None = None
    authenticator: Authenticator | None = None
    recheck_seconds: float = 60.0


class McpConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One WebSocket connection."""

    def __init__(self, engine: Engine, policy: WebSocketPolicy) -> None:
        super().__init__()
        self._engine = engine
        self._policy = policy
        self._connection: Connection | None = None
        self._watch: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        headers: dict[bytes, bytes] = dict(self.scope["headers"])
        try:
            entered = await self._admit(headers)
        except Refused as error:
            told = error.challenge
            await deny(self.scope, self.base_send, told.status, told.body, told.headers)
            return
        except ProtocolError as error:
            log.warning("upgrade refused: %s", error.message)
            shown = error.headers if isinstance(error, RateLimited) else {}
            await deny(self.scope, self.base_send, error.status or 400, {"error": error.message}, shown)
            return
        try:
            resumed = await self._session_of_cookie(headers, entered[1].principal if entered else ANONYMOUS)
        except CookieOutlived as error:
            forgotten = {"Set-Cookie": f"{self._policy.cookie}=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict"}
            await deny(self.scope, self.base_send, 404, {"error": error.message}, forgotten)
            return
        except StateUnavailable as error:
            log.error("%s", error)
            await self.accept()
            await self.close(TRY_AGAIN_LATER)
            return
        await self.accept(SUBPROTOCOL if SUBPROTOCOL in self.scope["subprotocols"] else None)
        try:
            await self._begin(resumed, entered)
        except StateUnavailable as error:
            log.error("%s", error)
            await self.close(TRY_AGAIN_LATER)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self._connection is None:
            return
        if text_data is None:
            await self.close(UNSUPPORTED_DATA)
        elif len(text_data) > self._policy.max_payload or len(text_data.encode()) > self._policy.max_payload:
            await self.close(TOO_BIG)
        else:
            await self._connection.receive(text_data)

    async def disconnect(self, code: int) -> None:
        if self._connection is None:
            return
        self._stop_hearing()
        if self._watch is not None:
            self._watch.cancel()
        await self._connection.close()
        session = self._connection.session
        log.info("websocket closed session=%s code=%s", session.label, code)
        if self._connection.owns_session and not self._over:
            await self._engine.end(session)

    async def _admit(self, headers: dict[bytes, bytes]) -> tuple[str, Access] | None:
        """Applies every rule for an upgrade, the cheapest first. Raises ProtocolError with a status, or Refused."""
        self._check_place(headers)
        self._selection = self._read_selection(headers)
        peer = (self.scope.get("client") or [None])[0]
        self._address = self._policy.proxies.client(peer, headers.get(b"x-forwarded-for", b"").decode("latin-1"))
        await self._engine.rate_limiter.check("upgrade", self._address)
        return await self._enter()

    async def _enter(self) -> tuple[str, Access] | None:
        """The token of the upgrade and its holder; None when nobody is authenticated. Raises Refused."""
        if self._policy.authenticator is None:
            return None
        sent = [value.decode("latin-1") for name, value in self.scope["headers"] if name == b"authorization"]
        return await self._policy.authenticator.enter_socket(sent, self.scope["subprotocols"], self.scope["path"])

    async def _begin(self, resumed: Session | None, entered: tuple[str, Access] | None) -> None:
        principal = entered[1].principal if entered else ANONYMOUS
        session = resumed or await self._engine.open("websocket", principal, self._address)
        self._over = False
        attribution.identify(session=session.label, principal=principal.subject)
        caller = Caller(
            transport="websocket",
            principal=principal,
            address=self._address,
            session=session,
            from_cookie=resumed is not None,
            selection=self._selection,
            scope=secrets.token_hex(8),
            version=None,
            header=None,
        )
        self._connection = Connection(self._engine, caller, self._send)
        if entered is not None:
            self._watch = asyncio.create_task(self._until_unauthorized(self._connection, *entered))
        self._stop_hearing = self._engine.plane.bus.listen(ENDED, self._on_ended)
        log.info("websocket opened session=%s resumed=%s", session.label, resumed is not None)

    def _read_selection(self, headers: dict[bytes, bytes]) -> ToolSelection:
        """``X-MCP-Toolsets`` or ``?toolsets=``, and ``X-MCP-Readonly`` or ``?readonly=``, of the upgrade."""
        query = parse_qs(self.scope["query_string"].decode("latin-1"))
        in_headers = (headers.get(name, b"").decode("latin-1") for name in (b"x-mcp-toolsets", b"x-mcp-readonly"))
        in_query = (",".join(query.get(name, [])) for name in ("toolsets", "readonly"))
        return self._engine.tool_selections.combined(*in_headers, *in_query)

    async def _until_unauthorized(self, connection: Connection, token: str, access: Access) -> None:
        assert self._policy.authenticator is not None
        path, seconds = self.scope["path"], max(self._policy.recheck_seconds, 1.0)
        try:
            await until_it_ends(
                self._policy.authenticator, token, access, path, seconds=seconds, renewed=connection.renew
            )
            log.info("websocket unauthorized session=%s: its token expired or was revoked", connection.session.label)
        except Exception:
            # A socket whose token nobody looks after any more must not stay open.
            log.exception("the token of session %s could not be looked after", connection.session.label)
        await self.close(UNAUTHORIZED)

    async def _session_of_cookie(self, headers: dict[bytes, bytes], principal: Principal) -> Session | None:
        """The browser's session, whose cookie counts only with an Origin, which :meth:`_check_place` has allowed.

        Raises CookieOutlived where nobody is authenticated and the session is over.
        """
        if self._policy.cookie is None or b"origin" not in headers or b"cookie" not in headers:
            return None
        if not self._policy.allowed.allows_cookie(headers[b"origin"].decode("latin-1"), self._host):
            return None
        try:
            cookies = SimpleCookie(headers[b"cookie"].decode("latin-1"))
        except CookieError:
            return None
        cookie = cookies.get(self._policy.cookie)
        session = await self._engine.sessions.get(cookie.value, principal=principal) if cookie else None
        if session is None and cookie is not None and cookie.value and not principal.key:
            raise CookieOutlived
        if session is None or session.transport != "http" or not session.belongs_to(principal):
            return None
        return session

    @property
    def _host(self) -> str:
        """Joined as Django joins them: several are no host (RFC 9112 section 3.2)."""
        return ",".join(value.decode("latin-1") for name, value in self.scope["headers"] if name == b"host")

    def _on_ended(self, uid: Any) -> None:
        connection = self._connection
        if connection is not None and uid == connection.session.uid and not self._over:
            self._over = True
            connection.spawn(self.close(SESSION_ENDED))

    async def _send(self, message: bytes) -> None:
        await self.send(text_data=message.decode())

    def _check_place(self, headers: dict[bytes, bytes]) -> None:
        host = self._host
        if not self._policy.allowed.allows_host(host):
            raise _foreign(f"Unauthorized host: {host[:100]!r}. Add the name to MCP_ALLOWED_HOSTS.")
        origin = headers.get(b"origin")
        if origin is not None and not self._policy.allowed.allows_page(origin.decode("latin-1"), host):
            shown = origin.decode("latin-1")[:100]
            raise _foreign(f"Unauthorized origin: {shown!r}. Add it to MCP_WS_ALLOWED_ORIGINS.")


def _foreign(reason: str) -> ProtocolError:
    return ProtocolError(INVALID_REQUEST, reason, status=403)
