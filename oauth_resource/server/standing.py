"""Whether a token of this server still stands: what introspection is for tokens of a foreign one."""

from __future__ import annotations

import asyncio
import datetime
import math
import time
from collections.abc import Callable
from typing import Final

from asgiref.sync import sync_to_async
from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from oauth_resource.principal import Principal
from oauth_resource.resource.claims import Access, Rules
from oauth_resource.resource.errors import InvalidToken, IssuerUnavailable
from oauth_resource.resource.flight import SingleFlight
from oauth_resource.resource.introspection import Revoked
from oauth_resource.resource.keys import Key, fitting, read_keys
from oauth_resource.resource.validation import digest_of
from oauth_resource.server.keys import published
from oauth_resource.server.models import PersonalToken
from oauth_resource.server.personal import CLIENT, PREFIX

REMEMBER_SECONDS: Final = 5.0
"""How long a token is believed without a look at its row; a revocation is told before that."""

_UNKNOWN_SECONDS: Final = 0.25
"""How seldom an unknown key id makes the keys be read again: one that was made up must not cost a query each time."""

_NOTED: Final = datetime.timedelta(minutes=1)


class Standing:
    """``rules`` are those of this server's own tokens; personal tokens are of the same issuer, and of one client."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    async def confirm(self, token: str, validated: Access) -> Access:
        """``validated``, unless the token was revoked or its user disabled. Raises Revoked or IssuerUnavailable."""
        rows = get_access_token_model().objects.filter(
            token_checksum=digest_of(token), expires__gt=timezone.now(), user__is_active=True
        )
        try:
            stands = await rows.aexists()
        except DatabaseError as error:
            raise IssuerUnavailable(f"tokens cannot be looked up: {type(error).__name__}") from error
        if not stands:
            raise Revoked("revoked")
        return validated

    async def access(self, token: str) -> Access:
        """Who holds a personal access token. Raises InvalidToken or IssuerUnavailable."""
        if not token.startswith(PREFIX):
            raise InvalidToken("neither a JWT nor a personal access token")
        if self._rules.clients is not None and CLIENT not in self._rules.clients:
            raise InvalidToken("personal access tokens are not admitted")
        now = timezone.now()
        try:
            row = (
                await PersonalToken.objects.select_related("account")
                .filter(digest=digest_of(token), expires__gt=now, account__user__is_active=True)
                .afirst()
            )
            if row is None:
                raise Revoked("no such personal access token")
            seldom = Q(last_used__isnull=True) | Q(last_used__lt=now - _NOTED)
            await PersonalToken.objects.filter(seldom, pk=row.pk).aupdate(last_used=now)
        except DatabaseError as error:
            raise IssuerUnavailable(f"tokens cannot be looked up: {type(error).__name__}") from error
        holder = Principal(self._rules.issuer or "", str(row.account.subject), CLIENT, frozenset(row.scope.split()))
        return Access(holder, row.expires.timestamp())


class OwnKeys:
    """The published keys of this server, read from the database it shares with every process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._keys: list[Key] = []
        self._read_at = -math.inf
        self._flight: SingleFlight[None] = SingleFlight()

    async def candidates(self, kid: str | None, algorithm: str) -> list[Key]:
        """The key named ``kid``, which another process may have made a moment ago. Raises as a remote set does."""
        asked = self._clock()
        if asked - self._read_at > REMEMBER_SECONDS:
            await self._flight.run("keys", self._read)
        while not self._named(kid) and self._read_at < asked:
            await self._flight.run("unknown key id", self._read_in_turn)
        return fitting(self._named(kid), algorithm)

    async def ready(self) -> dict[str, object]:
        await self._read()
        return {"keys": len(self._keys)}

    def _named(self, kid: str | None) -> list[Key]:
        return [key for key in self._keys if key.kid == kid]

    async def _read_in_turn(self) -> None:
        """A key that is new is worth a short wait: a refusal would make its client throw a good token away."""
        await asyncio.sleep(max(0.0, self._read_at + _UNKNOWN_SECONDS - self._clock()))
        await self._read()

    async def _read(self) -> None:
        begun = self._clock()
        try:
            self._keys = read_keys((await sync_to_async(published)())["keys"]).usable
        except DatabaseError as error:
            raise IssuerUnavailable(f"keys cannot be read: {type(error).__name__}") from error
        self._read_at = begun
