"""One account's access to Gauzy: tokens are fetched, renewed and replaced behind every request."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from mcp_tools.gauzy.api import GauzyApi, Query, bearer
from mcp_tools.gauzy.errors import GauzyRejected, NotSignedIn
from mcp_tools.gauzy.identity import Identity, SignIn

EARLY_SECONDS: Final = 30.0
"""How long before its end a token is renewed."""


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
        return await self._alone(self._enter)

    async def _renewed(self, used: SignIn) -> SignIn:
        async def renew() -> SignIn:
            current = await self._slot.load()
            if current is not None and current.access_token != used.access_token:
                return current
            try:
                fresh = await self._api.refresh(current or used)
            except GauzyRejected:
                return await self._enter()
            await self._slot.save(fresh)
            return fresh

        return await self._alone(renew)

    async def _enter(self) -> SignIn:
        if self._credentials is None:
            await self._slot.save(None)
            raise NotSignedIn(
                "The Gauzy sign-in of this session ended. Call the login tool again, with e-mail address and password."
            )
        fresh = await self._api.sign_in(self._credentials.email, self._credentials.password)
        await self._slot.save(fresh)
        return fresh

    async def _alone(self, work: Callable[[], Awaitable[SignIn]]) -> SignIn:
        """Runs ``work`` in a task that all current callers wait for; one of them giving up does not stop it."""
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.ensure_future(work())
        return await asyncio.shield(self._renewal)
