"""The account of a caller with an access token. The sign-in fixes it; a session changes only what that session does.

A session is in one of three states, kept in its record: it works in the organization of the account (a new one), in
another organization of the same person (``switch_organization``), or as nobody (``logout``, until ``login``). Other
sessions, other clients of the person and requests without a session never see any of it. What a session chose counts
only as long as the account is the same person's.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from mcp_tools.gauzy.accounts import NO_SESSION, SHARED, Accounts, CallerAccount, end
from mcp_tools.gauzy.client import GauzyClient, Slot
from mcp_tools.gauzy.errors import AccountFixed, GauzyError, NoSession, NotSignedIn
from mcp_tools.gauzy.identity import Identity, SignIn

log = logging.getLogger("gauzy_mcp.gauzy")

SIGNED_OUT: Final = (
    "This session is signed out of Gauzy. Call login without arguments to sign it in again as the same account, or "
    "open a new session."
)
NO_SESSION_TO_LEAVE: Final = (
    "There is no session here to sign out of: each request acts as the account of its access token. To stop a client, "
    "revoke its access. To work in another organization, give the argument organization with each call."
)
SHARED_BY_ALL: Final = (
    "Everybody works as the configured account here (GAUZY_IDENTITY_MODE=shared), so nobody can sign in with another "
    "one. Call login without arguments to sign this session in again after logout."
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a session changed. ``organization_id`` is one of the organizations of ``person`` (tenant and user)."""

    signed_out: bool = False
    organization_id: str = ""
    person: tuple[str, str] = ("", "")

    def to_dict(self) -> dict[str, Any] | None:
        """As a session's record keeps it; None for nothing."""
        return {**dataclasses.asdict(self), "person": list(self.person)} if self != NO_CHANGES else None

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any] | None) -> Changes:
        """A record that keeps something else, such as tokens of a session without OAuth, changes nothing."""
        if not kept or "signed_out" not in kept:
            return NO_CHANGES
        tenant_id, user_id = kept["person"]
        return cls(kept["signed_out"], kept["organization_id"], (tenant_id, user_id))


NO_CHANGES: Final = Changes()


class SessionChanges(Protocol):
    """The caller's session, as far as it has one that its requests may rely on."""

    @property
    def kept(self) -> bool:
        """Whether there is such a session."""

    async def load(self) -> Changes: ...
    async def save(self, changes: Changes) -> None: ...
    def alone(self) -> AbstractAsyncContextManager[None]:
        """Held by one request of the session at a time, while it changes something."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose account a caller's is: tenant and user, and the e-mail address that people know it by."""

    person: tuple[str, str]
    email: str


class PersonSlot(Slot, Protocol):
    """Where the tokens of one person are kept, for all clients and sessions of that person."""

    async def owner(self) -> Owner | None:
        """Whose account the caller's is, also while no tokens are kept. None where any account may be linked."""

    def refusal(self, owner: Owner) -> AccountFixed:
        """What a sign-in as anybody but ``owner`` is answered."""


class FixedAccount(CallerAccount):
    """``slot`` keeps the person's tokens; without one the caller acts as the shared account.

    ``check_reach`` raises unless the access token may change what other clients of the person use; it takes what is
    to be done, for the message.
    """

    def __init__(
        self,
        accounts: Accounts,
        key: str,
        slot: PersonSlot | None,
        session: SessionChanges,
        check_reach: Callable[[str], None],
    ) -> None:
        super().__init__(accounts, key if slot is not None else SHARED)
        self._slot = slot
        self._session = session
        self._check_reach = check_reach
        self._changes: Changes | None = None

    async def sign_in(self, email: str | None, password: str | None, tenant_id: str | None) -> Identity:
        """Signs the session in again. With e-mail address and password also renews the tokens of the person.

        Raises AccountFixed for any other account, and what ``check_reach`` raises.
        """
        if email is not None and password is not None:
            if self._slot is None:
                raise AccountFixed(SHARED_BY_ALL)
            self._check_reach("login with a password")
            await self._renew(self._slot, email, password, tenant_id)
        else:
            await self._home()
        if (await self._changed()).signed_out:
            await self._change(NO_CHANGES)
        return await self.identity()

    async def sign_out(self) -> bool:
        """Makes the session act as nobody. False when it did already. Raises NoSession."""
        if not self._session.kept:
            raise NoSession(NO_SESSION_TO_LEAVE)
        if (await self._changed()).signed_out:
            return False
        async with self._session.alone():
            await self._change(Changes(signed_out=True))
        return True

    async def switch_organization(self, wanted: str) -> tuple[Identity, str]:
        """Continues in another organization in this session; returns its name too.

        Raises NotYourOrganization, NotSignedIn, or NoSession.
        """
        if not self._session.kept:
            raise NoSession(NO_SESSION)
        home = await self._present()
        person = (await home.identity()).person
        organizations = self._accounts.organizations(self._key, person)
        organization_id, name = await organizations.find(home, wanted)
        identity = await (await organizations.client(home, organization_id)).identity()
        async with self._session.alone():
            # The session may have been signed out while Gauzy was asked.
            if (await self._session.load()).signed_out:
                raise NotSignedIn(SIGNED_OUT)
            await self._change(Changes(organization_id=organization_id, person=person))
        return identity, name

    async def status(self) -> Mapping[str, Any]:
        if (await self._changed()).signed_out:
            return {"authenticated": False, "source": "none", "problem": SIGNED_OUT}
        if self._slot is None:
            return await self._describe(SHARED)
        if await self._slot.load() is None:
            return {"authenticated": False, "source": "none"}
        return await self._describe("linked")

    async def _client(self) -> GauzyClient:
        home, changes = await self._present(), await self._changed()
        if not self._organization and not changes.organization_id:
            return home
        person = (await home.identity()).person
        wanted = self._organization or (changes.organization_id if changes.person == person else "")
        return await self._accounts.organizations(self._key, person).client(home, wanted) if wanted else home

    async def _present(self) -> GauzyClient:
        """The account in its own organization. Raises NotSignedIn for a session that signed out."""
        if (await self._changed()).signed_out:
            raise NotSignedIn(SIGNED_OUT)
        return await self._home()

    async def _home(self) -> GauzyClient:
        if self._slot is None:
            if self._accounts.shared is None:
                raise NotSignedIn("No account is configured for everybody (GAUZY_AUTH_EMAIL, GAUZY_AUTH_PASSWORD).")
            return self._accounts.shared
        if await self._slot.load() is None:
            raise self._slot.invitation() or NotSignedIn("No Gauzy account is linked to you.")
        return self._accounts.own(self._key, self._slot)

    async def _renew(self, slot: PersonSlot, email: str, password: str, tenant_id: str | None) -> None:
        """Keeps new tokens of the same person. Raises AccountFixed for those of anybody else."""
        fresh = await self._signed_in(email, password, tenant_id, await slot.owner())
        fresh = await self._where_it_was(fresh, await slot.load())
        async with slot.alone():
            # Another process may have linked an account meanwhile.
            owner = await slot.owner()
            if owner is None or owner.person == fresh.identity.person:
                await slot.save(fresh)
                self._accounts.forget(self._key)
                log.info("signed in as %s", fresh.identity.email)
                return
        log.warning("login as %s refused: the account is %s", fresh.identity.email, owner.email)
        await end(self._accounts.api, fresh)
        raise slot.refusal(owner)

    async def _signed_in(self, email: str, password: str, tenant_id: str | None, owner: Owner | None) -> SignIn:
        api = self._accounts.api
        fresh = await api.sign_in(email, password, tenant_id)
        tenant = owner.person[0] if owner else ""
        if tenant_id is not None or not tenant or fresh.identity.tenant_id == tenant:
            return fresh
        # Without a tenant Gauzy chooses one, of a person who is in several.
        elsewhere = await self._in_tenant(email, password, tenant)
        if elsewhere is None:
            return fresh
        await end(api, fresh)
        return elsewhere

    async def _in_tenant(self, email: str, password: str, tenant_id: str) -> SignIn | None:
        try:
            return await self._accounts.api.sign_in(email, password, tenant_id)
        except GauzyError:
            return None

    async def _where_it_was(self, fresh: SignIn, before: SignIn | None) -> SignIn:
        """``fresh`` in the organization that the person's other clients work in, as far as that is possible still."""
        if before is None or before.identity.person != fresh.identity.person:
            return fresh
        if before.identity.organization_id in ("", fresh.identity.organization_id):
            return fresh
        try:
            return await self._accounts.api.switch(fresh, before.identity.organization_id)
        except GauzyError as error:
            log.warning("%s does not get back to its organization: %s", fresh.identity.email, error)
            return fresh

    async def _changed(self) -> Changes:
        """Read once, so that one request works in one organization whatever other requests of its session do."""
        if self._changes is None:
            self._changes = await self._session.load()
        return self._changes

    async def _change(self, changes: Changes) -> None:
        await self._session.save(changes)
        self._changes = changes
