"""Which Gauzy account a caller acts as.

Without OAuth it is the one that the caller's session signed in to, else the configured one (:class:`SessionAccount`).
Under OAuth the access token fixes it, whatever a session does (:mod:`mcp_tools.gauzy.fixed_account`).
"""

from __future__ import annotations

import copy
import datetime
import logging
import time
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final, Self

from mcp_tools.gauzy.api import GauzyApi, Query
from mcp_tools.gauzy.client import Credentials, GauzyClient, MemorySlot, Slot
from mcp_tools.gauzy.errors import GauzyError, NoSession, NotSignedIn
from mcp_tools.gauzy.identity import Identity, SignIn
from mcp_tools.gauzy.organizations import OrganizationClient, OrganizationsOfAccount

log = logging.getLogger("gauzy_mcp.gauzy")

MAX_CLIENTS: Final = 10_000
"""Clients kept ready; the least recently used goes, and is made again from its session when needed."""

MAX_ELSEWHERE: Final = 2_000
"""Accounts whose organizations are kept ready, likewise."""

SHARED: Final = "shared"
"""The key of the configured account. No session and no principal has it."""

NO_SESSION: Final = (
    "There is no session here that could remember an organization. Give the argument organization (an id or a name "
    "from list_my_organizations) with each call instead: every tool that works in Gauzy takes it."
)


class Accounts:
    """The accounts of one API host. ``configured`` is the shared one; ``shared`` says whether callers may act as it."""

    def __init__(self, api: GauzyApi, configured: Credentials | None, *, shared: bool) -> None:
        self.api = api
        self.configured = configured
        self.shared = GauzyClient(api, MemorySlot(), configured) if configured and shared else None
        self._unknown = Identity(email=configured.email) if configured else None
        self._clients: OrderedDict[str, GauzyClient] = OrderedDict()
        self._organizations: OrderedDict[str, OrganizationsOfAccount] = OrderedDict()

    def own(self, key: str, slot: Slot) -> GauzyClient:
        """The client of the caller named by ``key``, so that its parallel calls share one renewal.

        An empty key names nobody in particular, so nothing is shared under it.
        """
        if not key:
            return GauzyClient(self.api, slot)
        client = self._clients.get(key)
        if client is None:
            client = self._clients[key] = GauzyClient(self.api, slot)
            if len(self._clients) > MAX_CLIENTS:
                self._clients.popitem(last=False)
        client.use(slot)
        self._clients.move_to_end(key)
        return client

    def organizations(self, key: str, person: tuple[str, str]) -> OrganizationsOfAccount:
        """Those of the account of ``key``, which is that of ``person`` now. Nothing is shared under an empty key."""
        known = self._organizations.get(key)
        if known is None or known.person != person:
            known = OrganizationsOfAccount(self.api, person)
            if not key:
                return known
            self._organizations[key] = known
            if len(self._organizations) > MAX_ELSEWHERE:
                self._organizations.popitem(last=False)
        self._organizations.move_to_end(key)
        return known

    @property
    def configured_identity(self) -> Identity | None:
        """Whom callers act as who sign in to no account of their own; None where nobody may act as the shared one."""
        if self.shared is None or self.configured is None:
            return None
        return self.shared.seen or self._unknown

    def known_identity(self, key: str) -> Identity | None:
        """Whose the account of the caller named by ``key`` was at its last use in this process."""
        client = self._clients.get(key)
        return client.seen if client is not None else None

    def forget(self, key: str) -> None:
        self._clients.pop(key, None)
        self._organizations.pop(key, None)


class CallerAccount(ABC):
    """The account of one request, as the tools see it. ``used`` is whose the latest request to Gauzy was."""

    def __init__(self, accounts: Accounts, key: str) -> None:
        self._accounts = accounts
        self._key = key
        self._organization = ""
        self.used: Identity | None = None

    def within(self, organization: str) -> Self:
        """The same account in one of its organizations, named by id or name, for this request only."""
        other = copy.copy(self)
        other._organization = organization
        return other

    async def identity(self) -> Identity:
        self.used = await (await self._client()).identity()
        return self.used

    async def request(self, method: str, path: str, *, query: Query = (), body: Any = None) -> Any:
        client = await self._client()
        try:
            return await client.request(method, path, query=query, body=body)
        finally:
            self.used = client.seen

    def now(self) -> datetime.datetime:
        return self._accounts.api.now()

    async def refresh(self) -> Mapping[str, Any]:
        return _expiry(await (await self._client()).renew())

    @abstractmethod
    async def sign_in(self, email: str | None, password: str | None, tenant_id: str | None) -> Identity: ...
    @abstractmethod
    async def sign_out(self) -> bool: ...
    @abstractmethod
    async def switch_organization(self, wanted: str) -> tuple[Identity, str]: ...
    @abstractmethod
    async def status(self) -> Mapping[str, Any]: ...
    @abstractmethod
    async def _client(self) -> GauzyClient: ...

    async def _describe(self, source: str) -> Mapping[str, Any]:
        """Whose account this is and until when; never a token."""
        try:
            signed_in = await (await self._client()).signed_in()
        except GauzyError as error:
            return {"authenticated": False, "source": source, "problem": error.message}
        identity = signed_in.identity
        return {
            "authenticated": True,
            "source": source,
            "email": identity.email,
            "name": identity.name,
            "role": identity.role,
            "userId": identity.user_id,
            "tenantId": identity.tenant_id,
            "organizationId": identity.organization_id,
            "employeeId": identity.employee_id,
            **_expiry(signed_in),
        }


class SessionAccount(CallerAccount):
    """The account that a session binds by ``login``. ``slot`` keeps what the caller signed in to."""

    def __init__(self, accounts: Accounts, key: str, slot: Slot) -> None:
        super().__init__(accounts, key)
        self._slot = slot

    async def sign_in(self, email: str | None, password: str | None, tenant_id: str | None) -> Identity:
        """Binds an account to the caller; without e-mail address and password the configured one."""
        if email is None or password is None:
            configured = self._accounts.configured
            if configured is None:
                raise NotSignedIn(
                    "Give email and password: no account is configured (GAUZY_AUTH_EMAIL, GAUZY_AUTH_PASSWORD)."
                )
            email, password = configured.email, configured.password
        signed_in = await self._accounts.api.sign_in(email, password, tenant_id)
        await self._slot.save(signed_in)
        self._accounts.forget(self._key)
        log.info("signed in as %s", signed_in.identity.email)
        return signed_in.identity

    async def sign_out(self) -> bool:
        """Forgets the caller's own account, and tells Gauzy. The shared one is nobody's to sign out.

        The caller is signed out even if Gauzy cannot be told: its refresh token then lives until it expires.
        """
        current = await self._slot.load()
        if current is None:
            return False
        await self._slot.save(None)
        self._accounts.forget(self._key)
        log.info("signed out %s", current.identity.email)
        await end(self._accounts.api, current)
        return True

    async def switch_organization(self, wanted: str) -> tuple[Identity, str]:
        """Continues in another organization of the same person; returns its name too.

        A caller that acts as the shared account gets tokens of its own by this, so that everybody else stays where
        they are. Raises NotYourOrganization, or NoSession for a caller that could not be remembered.
        """
        if not self._slot.keeps:
            raise NoSession(NO_SESSION)
        client = await self._client()
        organizations = OrganizationsOfAccount(self._accounts.api, (await client.identity()).person)
        organization_id, name = await organizations.find(client, wanted)
        signed_in = await OrganizationClient(self._accounts.api, client, organization_id).signed_in()
        async with self._slot.alone():
            await self._slot.save(signed_in)
        self._accounts.forget(self._key)
        log.info("%s switched to another organization", signed_in.identity.email)
        return signed_in.identity, name

    async def status(self) -> Mapping[str, Any]:
        source = "session" if await self._slot.load() else SHARED if self._accounts.shared else "none"
        if source == "none":
            return {"authenticated": False, "source": source}
        return await self._describe(source)

    async def _client(self) -> GauzyClient:
        own = await self._slot.load() is not None
        home = self._accounts.own(self._key, self._slot) if own else self._accounts.shared
        if home is None:
            raise self._slot.invitation() or NotSignedIn(
                "Not signed in to Gauzy. Call the login tool with email and password, or configure an account for "
                "everybody with GAUZY_AUTH_EMAIL and GAUZY_AUTH_PASSWORD."
            )
        if not self._organization:
            return home
        person = (await home.identity()).person
        organizations = self._accounts.organizations(self._key if own else SHARED, person)
        return await organizations.client(home, self._organization)


async def end(api: GauzyApi, signed_in: SignIn) -> None:
    """Tells Gauzy that tokens are not used any more. If it cannot be told, they live until they expire."""
    try:
        await api.sign_out(signed_in)
    except GauzyError as error:
        log.warning("Gauzy was not told of a sign-out: %s", error)


def _expiry(signed_in: SignIn) -> dict[str, str]:
    """``{"expiresAt": ISO 8601}``, or nothing for a token that does not tell."""
    if not signed_in.expires_at:
        return {}
    return {"expiresAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(signed_in.expires_at))}
