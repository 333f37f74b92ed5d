"""From a request to the Gauzy account it acts as.

Without OAuth the account is what the caller's session signed in to. Under OAuth it belongs to the principal, and the
session keeps what the session changed of it (:mod:`mcp_tools.gauzy.fixed_account`).
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from mcp_tools.dispatch.authorise import Policy
from mcp_tools.dispatch.observers import CallerDetails
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.dispatch.session_opener import SessionOpener, SessionsAreOff
from mcp_tools.gauzy.accounts import Accounts, CallerAccount, SessionAccount
from mcp_tools.gauzy.errors import AccountFixed, NotLinked, NotSignedIn
from mcp_tools.gauzy.fixed_account import Changes, FixedAccount, Owner
from mcp_tools.gauzy.identity import Identity, SignIn
from mcp_tools.sessions.session import Session, Transport
from mcp_tools.sessions.store import SessionStore
from oauth_resource.principal import Principal
from oauth_resource.scopes import WRITE


class Keeping(Protocol):
    """Keeps the Gauzy accounts of principals, as plain data. Raises StateUnavailable when it cannot."""

    async def load(self, principal: Principal, *, fresh: bool) -> dict[str, Any] | None: ...
    async def save(self, principal: Principal, account: dict[str, Any] | None, label: str) -> None: ...
    def turn(self, principal: Principal) -> AbstractAsyncContextManager[None]:
        """Held by one process at a time, while it renews the account."""

    def invitation(self, principal: Principal) -> NotLinked:
        """What tells ``principal`` where to link an account."""

    async def owner(self, principal: Principal) -> Owner | None:
        """Whose account that of ``principal`` is, also while nothing is kept; None where any may be linked."""

    def refusal(self, principal: Principal, owner: Owner) -> AccountFixed:
        """What tells ``principal`` why it cannot sign in as anybody but ``owner``."""


class CallerAccounts:
    """Makes the account of each request. ``keeping`` is where accounts of principals are kept, under OAuth.

    ``shares`` says that everybody acts as the configured account, under OAuth too.
    """

    def __init__(
        self,
        accounts: Accounts,
        sessions: SessionStore,
        opener: SessionOpener,
        policy: Policy,
        keeping: Keeping | None = None,
        *,
        shares: bool = False,
    ) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._opener = opener
        self._policy = policy
        self._keeping = keeping
        self._shares = shares

    def account(self, context: RequestContext) -> CallerAccount:
        if self._keeping is not None:
            return self._fixed(context, self._keeping)
        key = context.session.uid if context.session else ""
        return SessionAccount(self._accounts, key, SessionSlot(context, self._sessions, self._opener))

    def details(self, context: RequestContext, used: Identity | None = None) -> CallerDetails:
        """Who asks in ``context``, for those who look on. Asks neither Gauzy nor the session store.

        ``used`` is whose account the request used, where it used one.
        """
        client, known = context.client, used or self._known(context)
        identity = known or Identity()
        return CallerDetails(
            client_name=str(client.get("name", "")),
            client_version=str(client.get("version", "")),
            revision=context.revision,
            address=context.address,
            email=identity.email,
            name=identity.name,
            organization=identity.organization_id,
            is_configured=bool(identity.email) and self._is_configured(context),
            is_account_known=known is not None,
        )

    def _known(self, context: RequestContext) -> Identity | None:
        """The Gauzy user that the caller acts as; empty for nobody, None where only Gauzy or the vault could tell."""
        session = session_of(context)
        kept = session.account if session is not None else None
        if self._keeping is None:
            own = kept.get("identity") if kept else None
            if own:
                return Identity(email=own["email"], name=own["name"], organization_id=own["organization_id"])
            return self._accounts.configured_identity or Identity()
        changes = Changes.from_dict(kept)
        if changes.signed_out:
            return Identity()
        home = (
            self._accounts.configured_identity if self._shares else self._accounts.known_identity(context.principal.key)
        )
        if home is None or not changes.organization_id or changes.person != home.person:
            return home
        return dataclasses.replace(home, organization_id=changes.organization_id)

    def _is_configured(self, context: RequestContext) -> bool:
        """Whether the caller acts as the configured account."""
        if self._keeping is not None:
            return self._shares
        session = session_of(context)
        return session is None or "identity" not in (session.account or {})

    def forget(self, uid: str) -> None:
        """Drops what is kept for a session that ended."""
        self._accounts.forget(uid)

    def _fixed(self, context: RequestContext, keeping: Keeping) -> FixedAccount:
        principal = context.principal
        slot = None if self._shares else LinkedSlot(principal, keeping)
        changes = RecordedChanges(context, self._sessions)

        def check_reach(what: str) -> None:
            self._policy.check_scope(principal, WRITE, what)

        return FixedAccount(self._accounts, principal.key, slot, changes, check_reach)


def session_of(context: RequestContext) -> Session | None:
    """The session that a request may rely on.

    A stateless request must not rely on its connection (2026-07-28 page basic/versioning). A stdio process belongs to
    one person all the same, and a cookie is something the request itself carries.
    """
    relies = not context.stateless or context.transport == "stdio" or context.session_from_cookie
    return context.session if relies else None


class _KeptAccount:
    """What the session of one request keeps of its account, read again where another request can have changed it."""

    def __init__(self, context: RequestContext, sessions: SessionStore) -> None:
        self._context = context
        self._sessions = sessions
        # An HTTP request has just read its session; a connection's may have been signed in or out elsewhere since.
        self._is_fresh = context.transport == "http"

    async def read(self) -> dict[str, Any] | None:
        session = session_of(self._context)
        if session is None:
            return None
        account = session.account if self._is_fresh else await self._sessions.account(session)
        self._is_fresh = False
        return account


class SessionSlot(_KeptAccount):
    """Keeps a caller's Gauzy tokens in the session of its context, opening one for a plain caller that signs in."""

    def __init__(self, context: RequestContext, sessions: SessionStore, opener: SessionOpener) -> None:
        super().__init__(context, sessions)
        self._opener = opener

    async def load(self) -> SignIn | None:
        account = await self.read()
        # A record of a session under OAuth holds no tokens.
        return SignIn.from_dict(account) if account and "access_token" in account else None

    def alone(self) -> AbstractAsyncContextManager[None]:
        session = self._context.session
        return contextlib.nullcontext() if session is None else self._sessions.renewing(session)

    def invitation(self) -> None:
        return None

    @property
    def keeps(self) -> bool:
        opens = self._opener.over_http and not self._context.stateless
        return opens or session_of(self._context) is not None

    async def save(self, signed_in: SignIn | None) -> None:
        context = self._context
        session = session_of(context)
        if session is None:
            if signed_in is None:
                return
            if context.stateless:
                raise NotSignedIn(
                    "A stateless client has no session to sign in to. Configure the account with GAUZY_AUTH_EMAIL and "
                    "GAUZY_AUTH_PASSWORD, or use OAuth."
                )
            session = context.session = await self._open("http")
        elif signed_in and context.session_from_cookie and not _is_of(signed_in, await self.read()):
            # A browser's cookie can have been planted; an Mcp-Session-Id header cannot. Who planted it may have
            # streams, sockets and calls in that session, so this sign-in gets a session of its own.
            session = await self._replace(session)
        await self._sessions.save_account(session, signed_in.to_dict() if signed_in else None)

    async def _replace(self, session: Session) -> Session:
        fresh = await self._open("websocket" if self._context.transport == "websocket" else "http")
        fresh.revision, fresh.log_level = session.revision, session.log_level
        fresh.client, fresh.capabilities = session.client, session.capabilities
        await self._sessions.save(fresh)
        self._context.adopt(fresh)
        return fresh

    async def _open(self, transport: Transport) -> Session:
        try:
            return await self._opener.open(transport, self._context.principal, self._context.address)
        except SessionsAreOff:
            raise NotSignedIn(
                "This server keeps no sessions to sign in to (MCP_SESSION_ENABLED=false). Configure the account with "
                "GAUZY_AUTH_EMAIL and GAUZY_AUTH_PASSWORD, or use OAuth."
            ) from None


def _is_of(signed_in: SignIn, kept: dict[str, Any] | None) -> bool:
    """Whether a session that keeps ``kept`` is signed in as the person of ``signed_in`` already."""
    known = SignIn.from_dict(kept) if kept and "access_token" in kept else None
    return known is not None and known.identity.person == signed_in.identity.person


class RecordedChanges(_KeptAccount):
    """Keeps what a session changed of the account of its principal, under OAuth."""

    @property
    def kept(self) -> bool:
        return session_of(self._context) is not None

    async def load(self) -> Changes:
        return Changes.from_dict(await self.read())

    def alone(self) -> AbstractAsyncContextManager[None]:
        session = session_of(self._context)
        return contextlib.nullcontext() if session is None else self._sessions.renewing(session)

    async def save(self, changes: Changes) -> None:
        session = session_of(self._context)
        if session is not None:
            await self._sessions.save_account(session, changes.to_dict())


class LinkedSlot:
    """Keeps a principal's Gauzy tokens with the principal, whatever connection or session its requests come by."""

    keeps = True

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

    async def owner(self) -> Owner | None:
        return await self._keeping.owner(self._principal)

    def refusal(self, owner: Owner) -> AccountFixed:
        return self._keeping.refusal(self._principal, owner)
