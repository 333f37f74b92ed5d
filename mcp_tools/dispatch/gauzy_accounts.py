"""From a request to the Gauzy account it acts as. What a caller signs in to is kept in its session and nowhere else."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.dispatch.session_opener import SessionOpener, SessionsAreOff
from mcp_tools.gauzy.accounts import Accounts, CallerAccount
from mcp_tools.gauzy.errors import NotLinked, NotSignedIn
from mcp_tools.gauzy.identity import SignIn
from mcp_tools.sessions.session import Session
from mcp_tools.sessions.store import SessionStore
from oauth_resource.principal import Principal


class Keeping(Protocol):
    """Keeps the Gauzy accounts of principals, as plain data. Raises StateUnavailable when it cannot."""

    async def load(self, principal: Principal, *, fresh: bool) -> dict[str, Any] | None: ...
    async def save(self, principal: Principal, account: dict[str, Any] | None, label: str) -> None: ...
    def turn(self, principal: Principal) -> AbstractAsyncContextManager[None]:
        """Held by one process at a time, while it renews the account."""

    def invitation(self, principal: Principal) -> NotLinked:
        """What tells ``principal`` where to link an account."""


class CallerAccounts:
    """Makes the account of each request. ``keeping`` is where accounts of principals are kept, under OAuth."""

    def __init__(
        self, accounts: Accounts, sessions: SessionStore, opener: SessionOpener, keeping: Keeping | None = None
    ) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._opener = opener
        self._keeping = keeping

    def account(self, context: RequestContext) -> CallerAccount:
        if self._keeping is not None:
            return CallerAccount(self._accounts, context.principal.key, LinkedSlot(context.principal, self._keeping))
        key = context.session.uid if context.session else ""
        return CallerAccount(self._accounts, key, SessionSlot(context, self._sessions, self._opener))

    def forget(self, uid: str) -> None:
        """Drops what is kept for a session that ended."""
        self._accounts.forget(uid)


class SessionSlot:
    """Keeps a caller's Gauzy tokens in the session of its context, opening one for a plain caller that signs in."""

    def __init__(self, context: RequestContext, sessions: SessionStore, opener: SessionOpener) -> None:
        self._context = context
        self._sessions = sessions
        self._opener = opener
        # An HTTP request has just read its session; a connection's may have been signed in or out elsewhere since.
        self._is_fresh = context.transport == "http"

    async def load(self) -> SignIn | None:
        session = self._context.session
        if session is None or not self._may_use_session:
            return None
        account = session.account if self._is_fresh else await self._sessions.account(session)
        self._is_fresh = False
        return SignIn.from_dict(account) if account else None

    def alone(self) -> AbstractAsyncContextManager[None]:
        session = self._context.session
        return contextlib.nullcontext() if session is None else self._sessions.renewing(session)

    def invitation(self) -> None:
        return None

    @property
    def _may_use_session(self) -> bool:
        """A stateless request must not rely on its connection (2026-07-28 page basic/versioning).

        A stdio process belongs to one person all the same, and a cookie is something the request itself carries.
        """
        context = self._context
        return not context.stateless or context.transport == "stdio" or context.session_from_cookie

    async def save(self, signed_in: SignIn | None) -> None:
        context = self._context
        if not self._may_use_session or context.session is None:
            if signed_in is None:
                return
            if context.stateless:
                raise NotSignedIn(
                    "A stateless client has no session to sign in to. Configure the account with GAUZY_AUTH_EMAIL and "
                    "GAUZY_AUTH_PASSWORD, or use OAuth."
                )
            context.session = await self._open()
        session = context.session
        first = session.account is None
        if first and signed_in and context.session_from_cookie:
            # A browser's cookie can have been planted; an Mcp-Session-Id header cannot.
            await self._sessions.rename(session)
        await self._sessions.save_account(session, signed_in.to_dict() if signed_in else None)

    async def _open(self) -> Session:
        try:
            return await self._opener.open("http", self._context.principal)
        except SessionsAreOff:
            raise NotSignedIn(
                "This server keeps no sessions to sign in to (MCP_SESSION_ENABLED=false). Configure the account with "
                "GAUZY_AUTH_EMAIL and GAUZY_AUTH_PASSWORD, or use OAuth."
            ) from None


class LinkedSlot:
    """Keeps a principal's Gauzy tokens with the principal, whatever connection or session its requests come by."""

    def __init__(self, principal: Principal, keeping: Keeping) -> None:
        self._principal = principal
        self._keeping = keeping
        self._alone = False

    async def load(self) -> SignIn | None:
        # Who renews tokens must see what another process made of them a moment ago.
        account = await self._keeping.load(self._principal, fresh=self._alone)
        return SignIn.from_dict(account) if account else None

    async def save(self, signed_in: SignIn | None) -> None:
        account, label = (signed_in.to_dict(), signed_in.identity.email) if signed_in else (None, "")
        await self._keeping.save(self._principal, account, label)

    @contextlib.asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        async with self._keeping.turn(self._principal):
            self._alone = True
            try:
                yield
            finally:
                self._alone = False

    def invitation(self) -> NotSignedIn:
        return self._keeping.invitation(self._principal)
