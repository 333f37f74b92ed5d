"""The vault: a principal's Gauzy tokens, kept in the database and, for a moment, in memory."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.db import DatabaseError, IntegrityError
from django.utils import timezone

from oauth_resource.principal import Principal
from oauth_resource.vault.models import LONGEST_LABEL, Credential
from oauth_resource.vault.sealing import KeyRing

CHANGED: Final = "credential-changed"
"""The topic of :class:`News` whose payload is the digest of an owner."""

REMEMBER_SECONDS: Final = 5.0
MAX_REMEMBERED: Final = 10_000
WRITE_ATTEMPTS: Final = 5

Account = Mapping[str, Any]
"""A Gauzy sign-in as plain JSON data; what is in it is the business of whoever stores it."""


class News(Protocol):
    """Messages to all processes, which may get lost; None stands for some that were."""

    def listen(self, topic: str, heard: Callable[[Any], object]) -> Callable[[], None]: ...
    async def publish(self, topic: str, payload: Any = None) -> None: ...


Turns = Callable[[str], AbstractAsyncContextManager[None]]
"""Held by one process at a time, by name. Entering raises VaultUnavailable where turns cannot be taken."""


class VaultUnavailable(Exception):
    """The database does not answer."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a principal: the ``account`` that is linked, or else the ``person`` whose account a client
    unlinked. ``label`` names the account to people."""

    account: Account | None = None
    person: str = ""
    label: str = ""


NOTHING: Final = Kept()


class Vault:
    """``api`` is the Gauzy that the tokens are good for: those of another one are not found."""

    def __init__(
        self, ring: KeyRing, api: str, news: News, turns: Turns, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.ring = ring
        self.api = api
        self._news = news
        self._turns = turns
        self._clock = clock
        self._remembered: OrderedDict[str, tuple[float, Account | None]] = OrderedDict()
        self._changes = 0
        self._listening = False

    async def load(self, principal: Principal, *, fresh: bool = False) -> Account | None:
        """What ``principal`` linked; None for nothing. Raises DoesNotOpen, or VaultUnavailable."""
        if not self._listening:
            # Not before there is a loop to listen on.
            self._listening = True
            self._news.listen(CHANGED, self._forget)
        owner = owner_of(principal)
        until, known = self._remembered.get(owner, (0.0, None))
        if until > self._clock() and not fresh:
            return known
        changes = self._changes
        account = (await self._read(owner)).account
        if changes == self._changes:
            # Otherwise somebody stored something else while this was read.
            self._remember(owner, account)
        return account

    async def kept(self, principal: Principal) -> Kept:
        """What the database keeps of ``principal``. Raises DoesNotOpen, or VaultUnavailable."""
        return await self._read(owner_of(principal))

    async def save(self, principal: Principal, account: Account | None, label: str = "") -> None:
        """Keeps ``account`` for ``principal``, or nothing any more. Raises VaultUnavailable."""
        owner = owner_of(principal)
        if account is None:
            await self.unlink(owner, self.api)
            return
        try:
            await self._write(owner, principal, account, label)
        except DatabaseError as error:
            raise VaultUnavailable(f"linked accounts cannot be stored: {type(error).__name__}") from error
        await self._tell(owner)

    async def drop_tokens(self, principal: Principal, person: str) -> None:
        """Removes the tokens of the linked account, and remembers that it is that of ``person``.

        A row that an operator removed meanwhile does not come back. Raises VaultUnavailable.
        """
        owner = owner_of(principal)
        try:
            row = await Credential.objects.filter(owner=owner, api=self.api).only("id").afirst()
            if row is not None:
                # The version before reads an empty object as nothing linked.
                sealed = self.ring.seal(b"{}", purpose(row.id, owner, self.api))
                fields = {"person": person, "sealed": sealed, "updated": timezone.now()}
                await Credential.objects.filter(id=row.id).aupdate(**fields)
        except DatabaseError as error:
            raise VaultUnavailable(f"linked accounts cannot be stored: {type(error).__name__}") from error
        await self._tell(owner)

    async def unlink(self, owner: str, api: str) -> bool:
        """Removes what ``owner`` linked at ``api``, and whose it was, in every process; False for nothing.

        Waits for its turn: a renewal that is under way would store its new tokens again afterwards. So call it outside
        of :meth:`turn`. Raises VaultUnavailable.
        """
        try:
            async with self._turns(_turn_of(owner)):
                removed, _ = await Credential.objects.filter(owner=owner, api=api).adelete()
        except DatabaseError as error:
            raise VaultUnavailable(f"linked accounts cannot be removed: {type(error).__name__}") from error
        await self._tell(owner)
        return bool(removed)

    def turn(self, principal: Principal) -> AbstractAsyncContextManager[None]:
        """Held while the tokens are renewed, so that no other process uses up the same refresh token."""
        return self._turns(_turn_of(owner_of(principal)))

    async def _tell(self, owner: str) -> None:
        self._forget(owner)
        await self._news.publish(CHANGED, owner)

    async def _read(self, owner: str) -> Kept:
        try:
            row = await Credential.objects.filter(owner=owner, api=self.api).afirst()
        except DatabaseError as error:
            raise VaultUnavailable(f"linked accounts cannot be read: {type(error).__name__}") from error
        if row is None:
            return NOTHING
        account: Account = json.loads(self.ring.open(bytes(row.sealed), purpose(row.id, owner, self.api)))
        # A process of the version before leaves the person in place when it links an account: tokens count first.
        return Kept(account, label=row.account) if account else Kept(person=row.person, label=row.account)

    async def _write(self, owner: str, principal: Principal, account: Account, label: str) -> None:
        """Stores the row. If another process stores or removes it meanwhile, this one comes after."""
        plain = json.dumps(account).encode()
        named = {"issuer": principal.issuer, "subject": principal.subject, "person": ""}
        if label:
            named["account"] = label[:LONGEST_LABEL]
        for _ in range(WRITE_ATTEMPTS):
            known = await Credential.objects.filter(owner=owner, api=self.api).only("id").afirst()
            row_id = known.id if known is not None else uuid.uuid4()
            fields = {**named, "sealed": self.ring.seal(plain, purpose(row_id, owner, self.api))}
            if known is not None:
                if await Credential.objects.filter(id=row_id).aupdate(**fields, updated=timezone.now()):
                    return
                continue
            try:
                await Credential.objects.acreate(id=row_id, owner=owner, api=self.api, **fields)
            except IntegrityError:
                continue
            return
        raise VaultUnavailable("an account is linked and unlinked all the time")

    def _remember(self, owner: str, account: Account | None) -> None:
        self._remembered[owner] = (self._clock() + REMEMBER_SECONDS, account)
        self._remembered.move_to_end(owner)
        while len(self._remembered) > MAX_REMEMBERED:
            self._remembered.popitem(last=False)

    def _forget(self, owner: Any) -> None:
        self._changes += 1
        if owner is None:
            self._remembered.clear()
        else:
            self._remembered.pop(owner, None)


def owner_of(principal: Principal) -> str:
    """Raises ValueError for nobody: nothing is ever bound to an anonymous caller."""
    if principal.is_anonymous:
        raise ValueError("an anonymous caller owns nothing")
    return hashlib.sha256(principal.key.encode()).hexdigest()


def _turn_of(owner: str) -> str:
    return f"vault-{owner}"


def purpose(row_id: uuid.UUID, owner: str, api: str) -> str:
    """The associated data of a row."""
    return f"gauzy-cred|v1|{row_id}|{owner}|{api}"
