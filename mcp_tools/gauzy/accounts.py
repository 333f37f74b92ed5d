"""Which Gauzy account a caller acts as: the one its session signed in to, else the configured one."""

from __future__ import annotations

import contextlib
import datetime
import logging
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final

from mcp_tools.gauzy.api import GauzyApi, Query, switched
from mcp_tools.gauzy.client import Credentials, GauzyClient, Slot
from mcp_tools.gauzy.errors import GauzyError, NotSignedIn
from mcp_tools.gauzy.identity import Identity, SignIn

log = logging.getLogger("gauzy_mcp.gauzy")

MAX_CLIENTS: Final = 10_000
"""Clients kept ready; the least recently used goes, and is made again from its session when needed."""


class MemorySlot:
    """Tokens in this process, for the configured account."""

    def __init__(self) -> None:
        self._signed_in: SignIn | None = None

    async def load(self) -> SignIn | None:
        return self._signed_in

    async def save(self, signed_in: SignIn | None) -> None:
        self._signed_in = signed_in

    def alone(self) -> contextlib.AbstractAsyncContextManager[None]:
        return contextlib.nullcontext()

    def invitation(self) -> None:
        return None


class Accounts:
    """The accounts of one API host. ``configured`` is the shared one; ``shared`` says whether callers may act as it."""

    def __init__(self, api: GauzyApi, configured: Credentials | None, *, shared: bool) -> None:
        self.api = api
        self.configured = configured
        self.shared = GauzyClient(api, MemorySlot(), configured) if configured and shared else None
        self._clients: OrderedDict[str, GauzyClient] = OrderedDict()

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

    def forget(self, key: str) -> None:
        self._clients.pop(key, None)


class CallerAccount:
    """One caller's account, as the tools see it. ``slot`` keeps what the caller signed in to."""

    def __init__(self, accounts: Accounts, key: str, slot: Slot) -> None:
        self._accounts = accounts
        self._key = key
        self._slot = slot

    async def identity(self) -> Identity:
        return await (await self._client()).identity()

    async def request(self, method: str, path: str, *, query: Query = (), body: Any = None) -> Any:
        return await (await self._client()).request(method, path, query=query, body=body)

    def now(self) -> datetime.datetime:
        return self._accounts.api.now()

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
        try:
            await self._accounts.api.sign_out(current)
        except GauzyError as error:
            log.warning("Gauzy was not told of a sign-out: %s", error)
        return True

    async def switch_organization(self, organization_id: str) -> Identity:
        """Goes on in another organization of the same person. Raises GauzyFault for one that the person is not in.

        Who acts as the shared account gets tokens of his own by this, so that everybody else stays where they are.
        """
        body = {"organizationId": organization_id}
        answer = await (await self._client()).request("POST", "/auth/switch-organization", body=body)
        signed_in = switched(answer, organization_id)
        async with self._slot.alone():
            await self._slot.save(signed_in)
        self._accounts.forget(self._key)
        log.info("%s switched to another organization", signed_in.identity.email)
        return signed_in.identity

    async def refresh(self) -> Mapping[str, Any]:
        return _expiry(await (await self._client()).renew())

    async def status(self) -> Mapping[str, Any]:
        """Whose account this is and until when; never a token."""
        own = await self._slot.load()
        source = "session" if own else "shared" if self._accounts.shared else "none"
        if source == "none":
            return {"authenticated": False, "source": source}
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

    async def _client(self) -> GauzyClient:
        if await self._slot.load() is not None:
            return self._accounts.own(self._key, self._slot)
        if self._accounts.shared is None:
            raise self._slot.invitation() or NotSignedIn(
                "Not signed in to Gauzy. Call the login tool with email and password, or configure an account for "
                "everybody with GAUZY_AUTH_EMAIL and GAUZY_AUTH_PASSWORD."
            )
        return self._accounts.shared


def _expiry(signed_in: SignIn) -> dict[str, str]:
    """``{"expiresAt": ISO 8601}``, or nothing for a token that does not tell."""
    if not signed_in.expires_at:
        return {}
    return {"expiresAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(signed_in.expires_at))}
