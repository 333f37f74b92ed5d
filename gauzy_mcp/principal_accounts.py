"""The Gauzy accounts of principals, as the dispatcher's callers use them. Imported only where MCP_AUTH_ENABLED is true.

What is kept of them needs Django, and is imported inside the functions that need it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

from mcp_tools.catalog.tool import ToolError
from mcp_tools.dispatch.authorise import Policy
from mcp_tools.gauzy.accounts import end
from mcp_tools.gauzy.errors import AccountFixed, NotLinked
from mcp_tools.gauzy.fixed_account import Owner
from mcp_tools.gauzy.identity import Identity, SignIn
from mcp_tools.sessions.errors import StateUnavailable
from mcp_tools.sessions.session import Session
from oauth_resource.principal import Principal
from oauth_resource.scopes import WRITE

if TYPE_CHECKING:
    from mcp_tools.gauzy.api import GauzyApi
    from mcp_tools.sessions.store import SessionStore
    from oauth_resource.identity.linking import Links, Whose

log = logging.getLogger("gauzy_mcp.oauth")
audit = logging.getLogger("gauzy_mcp.audit")

HOW_TO_LINK: Final = (
    "No Gauzy account is linked to you. Open this address in a browser, sign in to Gauzy there, and give the code "
    "that it shows to link_account: {address}"
)
LINKED_TO: Final = (
    "Your Gauzy account here is {email}, so login works only with that account. To link another account, either ask an "
    "operator of this server to unlink {email}, or open this address in a browser, sign in there with the new account, "
    "confirm the change with the password of {email}, and give the code that the page shows to link_account: {address}"
)
SIGNED_IN_AS: Final = (
    "Your access token is for the Gauzy account {email}, so login can only renew that sign-in. To work as somebody "
    "else, disconnect this client at {address}, connect it again, and sign in with the other account."
)
MAX_OWNERS: Final = 10_000
HOW_TO_SIGN_IN: Final = (
    "Your sign-in to Gauzy is over. Open this address in a browser, sign in with the same account, and call the tool "
    "again: {address}"
)


class OneAtATime:
    """Held by one request at a time, by name: in this process by a lock, between processes by the shared store."""

    def __init__(self, sessions: SessionStore) -> None:
        self._sessions = sessions
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @contextlib.asynccontextmanager
    async def __call__(self, name: str) -> AsyncIterator[None]:
        """Raises VaultUnavailable where the shared store does not answer."""
        from oauth_resource.vault.store import VaultUnavailable

        lock = self._locks.setdefault(name, asyncio.Lock())
        try:
            async with lock, self._sessions.renewing(Session("", "http", created=0, last_seen=0, uid=name)):
                yield
        except StateUnavailable as error:
            raise VaultUnavailable(str(error)) from error


class PrincipalAccounts:
    """The vault as the dispatcher's callers use it; what goes wrong there is raised in the dispatcher's terms."""

    def __init__(self, links: Links) -> None:
        self._links = links

    async def load(self, principal: Principal, *, fresh: bool) -> dict[str, Any] | None:
        with _readable(), _stored():
            account = await self._links.vault.load(principal, fresh=fresh)
        return dict(account) if account else None

    async def save(self, principal: Principal, account: dict[str, Any] | None, label: str) -> None:
        with _stored():
            await self._links.vault.save(principal, account, label)

    @contextlib.asynccontextmanager
    async def turn(self, principal: Principal) -> AsyncIterator[None]:
        with _stored():
            async with self._links.vault.turn(principal):
                yield


class AccountsOfOwnIssuer(PrincipalAccounts):
    """Accounts of the people who sign in at the server inside: the sign-in is Gauzy's, so a token is for one account.

    ``sign_in`` and ``connected`` are the addresses of its pages.
    """

    def __init__(self, links: Links, *, sign_in: str, connected: str) -> None:
        super().__init__(links)
        self._sign_in = sign_in
        self._connected = connected
        self._owners: OrderedDict[str, Owner] = OrderedDict()

    async def load(self, principal: Principal, *, fresh: bool) -> dict[str, Any] | None:
        """Tokens of anybody else are not there: an earlier version let ``login`` keep them."""
        account = await super().load(principal, fresh=fresh)
        if account is None or Identity(**account["identity"]).person == (await self.owner(principal)).person:
            return account
        log.warning("tokens of another account are kept for subject=%s; it has to sign in again", principal.subject)
        return None

    async def owner(self, principal: Principal) -> Owner:
        """Never changes for a subject. Raises NotLinked for one that nobody signs in as."""
        known = self._owners.get(principal.key)
        if known is None:
            known = self._owners[principal.key] = await self._read(principal)
            if len(self._owners) > MAX_OWNERS:
                self._owners.popitem(last=False)
        return known

    async def _read(self, principal: Principal) -> Owner:
        from oauth_resource.server.accounts import account_of

        with _stored():
            account = await account_of(principal, self._links.vault.api)
        if account is None:
            raise self.invitation(principal)
        return Owner((account.tenant, account.gauzy_user), account.email)

    def invitation(self, principal: Principal) -> NotLinked:
        return NotLinked(HOW_TO_SIGN_IN.format(address=self._sign_in), self._sign_in)

    def refusal(self, principal: Principal, owner: Owner) -> AccountFixed:
        return AccountFixed(SIGNED_IN_AS.format(email=owner.email, address=self._connected))


class AccountsOfForeignIssuer(PrincipalAccounts):
    """Accounts that people of a foreign issuer linked to themselves."""

    def __init__(self, links: Links, api: GauzyApi, policy: Policy) -> None:
        super().__init__(links)
        self._api = api
        self._policy = policy

    async def owner(self, principal: Principal) -> Owner | None:
        """Whose account is linked, or was until a client unlinked it."""
        with _stored():
            holder = await self._links.holder(principal)
        if holder is None:
            return None
        tenant_id, _, user_id = holder.person.partition("/")
        return Owner((tenant_id, user_id), holder.label)

    def invitation(self, principal: Principal) -> NotLinked:
        address = self._links.address(principal)
        return NotLinked(HOW_TO_LINK.format(address=address), address)

    def refusal(self, principal: Principal, owner: Owner) -> AccountFixed:
        return AccountFixed(LINKED_TO.format(email=owner.email, address=self._links.address(principal)))

    async def complete(self, principal: Principal, code: str) -> str:
        """What ``link_account`` does."""
        from oauth_resource.identity.linking import AnotherLinked, CodeInvalid

        self._policy.check_scope(principal, WRITE, "link_account")
        try:
            with _stored():
                return await self._links.complete(principal, code)
        except CodeInvalid:
            raise ToolError(
                "No sign-in of yours is waiting for this code: it is mistyped, used or older than ten minutes, or the "
                "page was opened for somebody else. Call the tool that you need again; it says where to start."
            ) from None
        except AnotherLinked as error:
            raise ToolError(
                f"Your Gauzy account here is {error.label}, and this code does not replace it, so nothing was changed. "
                f"To link the other account instead, open {self._links.address(principal)} and confirm the change "
                f"there with the password of {error.label}."
            ) from None

    async def unlink(self, principal: Principal) -> bool:
        """What ``unlink_account`` does: it ends the sign-in, also at Gauzy if that can be reached.

        The account stays that of the principal, so that a client cannot move its person to another one by this.
        """
        self._policy.check_scope(principal, WRITE, "unlink_account")
        with _readable(), _stored():
            account = await self._links.unlink(principal)
        if account is None:
            return False
        signed_in = SignIn.from_dict(account)
        audit.info("link removed subject=%s account=%s", principal.subject, signed_in.identity.email)
        await end(self._api, signed_in)
        return True


@contextlib.contextmanager
def _stored() -> Iterator[None]:
    """Raises StateUnavailable where the database does not answer."""
    from django.db import DatabaseError

    from oauth_resource.vault.store import VaultUnavailable

    try:
        yield
    except (VaultUnavailable, DatabaseError) as error:
        raise StateUnavailable(str(error)) from error


@contextlib.contextmanager
def _readable() -> Iterator[None]:
    """Raises StateUnavailable where an account does not open: nobody goes on as somebody else because of that."""
    from oauth_resource.vault.sealing import DoesNotOpen

    try:
        yield
    except DoesNotOpen as error:
        raise StateUnavailable(f"a linked account does not open: {error}; check MCP_CREDENTIAL_KEYS") from error


def whose(account: Mapping[str, Any]) -> Whose:
    """Whose a kept sign-in is."""
    from oauth_resource.identity.linking import Whose

    identity = Identity(**account["identity"])
    return Whose("/".join(identity.person), identity.email)
