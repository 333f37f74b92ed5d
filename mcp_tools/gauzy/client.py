"""One account's access to Gauzy: tokens are fetched, renewed and replaced behind every request."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from mcp_tools.gauzy.api import GauzyApi, Query, bearer
from mcp_tools.gauzy.errors import GauzyRejected, NotSignedIn, SignInFailed
from mcp_tools.gauzy.identity import Identity, SignIn

log = logging.getLogger("gauzy_mcp.gauzy")

EARLY_SECONDS: Final = 30.0
"""How long before its end a token is renewed."""


REFUSED_SECONDS: Final = 30.0
"""How long a refused account is not tried again: Gauzy takes few sign-ins a minute, and would say the same."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """E-mail address and password of a configured account."""

    email: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials({self.email!r})"


class Slot(Protocol):
    """Where one account's tokens are kept between requests."""

    async def load(self) -> SignIn | None: ...
    async def save(self, signed_in: SignIn | None) -> None: ...
    def alone(self) -> AbstractAsyncContextManager[None]:
        """Held while the tokens are renewed, so that no other process uses up the same refresh token."""

    def invitation(self) -> NotSignedIn | None:
        """What tells an empty-handed caller how to come by an account; None where the login tool does that."""

    @property
    def keeps(self) -> bool:
        """Whether tokens that are saved will be there for the next request."""


class MemorySlot:
    """Tokens in this process."""

    keeps = True

    def __init__(self) -> None:
        self._signed_in: SignIn | None = None

    async def load(self) -> SignIn | None:
        return self._signed_in

    async def save(self, signed_in: SignIn | None) -> None:
        self._signed_in = signed_in

    def alone(self) -> AbstractAsyncContextManager[None]:
        return contextlib.nullcontext()

    def invitation(self) -> None:
        return None


class GauzyClient:
    """Requests as one account. Parallel callers share one sign-in and one renewal.

    With ``credentials`` it signs in by itself, at first use and when its refresh token is dead; without them it
    uses what the slot holds and raises NotSignedIn when that is nothing.
    """

    def __init__(self, api: GauzyApi, slot: Slot, credentials: Credentials | None = None) -> None:
        self._api = api
        self._slot = slot
        self._credentials = credentials
        self._renewal: asyncio.Task[SignIn] | None = None
        self._refusal: SignInFailed | None = None
        self._refused_until = 0.0
        self.seen: Identity | None = None
        """Whose the latest tokens are, without asking anybody; None before their first use."""

    def use(self, slot: Slot) -> None:
        """Goes on with the slot of a newer request, which knows the newest state of the session."""
        self._slot = slot

    async def identity(self) -> Identity:
        return (await self.signed_in()).identity

    async def request(self, method: str, path: str, *, query: Query = (), body: Any = None) -> Any:
        """``METHOD /api{path}`` as this account; a refused token is renewed once and the request sent once more."""
        current = await self.signed_in()
        try:
            return await self._api.request(method, path, query=query, body=body, headers=bearer(current))
        except GauzyRejected as error:
            if error.status != 401:
                raise
        current = await self._renewed(current)
        return await self._api.request(method, path, query=query, body=body, headers=bearer(current))

    async def signed_in(self) -> SignIn:
        """The current tokens, good for at least a moment. Raises NotSignedIn, SignInFailed or what Gauzy raises."""
        current = await self._current()
        self.seen = current.identity
        return current

    async def _current(self) -> SignIn:
        current = await self._slot.load()
        if current is None:
            return await self._alone(self._enter)
        if current.expires_at and current.expires_at - EARLY_SECONDS < time.time():
            return await self._renewed(current)
        return current

    async def renew(self) -> SignIn:
        """Renews the tokens now."""
        return await self._renewed(await self.signed_in())

    async def sign_in(self) -> SignIn:
        """Signs the configured account in now, whatever the slot holds."""
        current = await self._alone(self._enter)
        self.seen = current.identity
        return current

    async def _renewed(self, used: SignIn) -> SignIn:
        async def renew() -> SignIn:
            async with self._slot.alone():
                return await self._renew(used)

        return await self._alone(renew)

    async def _renew(self, used: SignIn) -> SignIn:
        current = await self._slot.load()
        if current is None or current.access_token != used.access_token:
            return await self._instead(used, current)
        try:
            fresh = await self._api.refresh(current)
        except GauzyRejected as error:
            if error.status != 401:
                raise
            return await self._refused(current)
        return await self._keep(fresh, current)

    async def _keep(self, fresh: SignIn, used: SignIn) -> SignIn:
        """Stores renewed tokens, unless the caller has signed out or in again while they were fetched."""
        stored = await self._slot.load()
        if stored is None or stored.access_token != used.access_token:
            return await self._instead(used, stored)
        await self._slot.save(fresh)
        log.debug("tokens of %s renewed", fresh.identity.email)
        return fresh

    async def _refused(self, used: SignIn) -> SignIn:
        """The refresh token of ``used`` is dead: another process may have renewed it, else it takes a new sign-in.

        The dead tokens stay: a caller who lost an own account must not go on as the shared one unasked.
        """
        stored = await self._slot.load()
        if stored is not None and stored.access_token == used.access_token:
            return await self._enter()
        return await self._instead(used, stored)

    async def _instead(self, used: SignIn, stored: SignIn | None) -> SignIn:
        """What to go on with when the slot no longer holds ``used``. A request never changes to another account."""
        if stored is None:
            return await self._enter()
        if stored.identity.person != used.identity.person:
            raise NotSignedIn("Another account was signed in while this ran. Call the tool again, as that account.")
        return stored

    async def _enter(self) -> SignIn:
        if self._credentials is None:
            raise self._slot.invitation() or NotSignedIn(
                "The Gauzy sign-in of this session ended. Call the login tool again, with e-mail address and password."
            )
        if self._refusal is not None and time.monotonic() < self._refused_until:
            raise SignInFailed(self._refusal.message, self._refusal.status)
        try:
            fresh = await self._api.sign_in(self._credentials.email, self._credentials.password)
        except SignInFailed as error:
            self._refusal, self._refused_until = error, time.monotonic() + REFUSED_SECONDS
            raise
        await self._slot.save(fresh)
        return fresh

    async def _alone(self, work: Callable[[], Awaitable[SignIn]]) -> SignIn:
        """Runs ``work`` in a task that all current callers wait for; one of them giving up does not stop it."""
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.ensure_future(work())
        return await asyncio.shield(self._renewal)
