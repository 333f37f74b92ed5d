"""Linking a Gauzy account to a principal of a foreign issuer.

The tool call that needs an account answers with an address. Whoever opens it signs in to Gauzy there, and may be
somebody else than the principal: an attacker could have sent a victim his own address. So the page ends with a code,
and only the principal's own client, with the code, completes the link (2025-11-25 page client/elicitation, phishing).
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import logging
import secrets
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import DatabaseError, IntegrityError
from django.db.models import F

from oauth_resource.identity.tickets import LIFE_SECONDS, Ticket, TicketInvalid, Tickets
from oauth_resource.principal import Principal
from oauth_resource.vault.models import LONGEST_LABEL, PendingLink
from oauth_resource.vault.sealing import DoesNotOpen
from oauth_resource.vault.store import Vault, VaultUnavailable, owner_of

log = logging.getLogger("gauzy_mcp.audit")

MAX_ATTEMPTS: Final = 5
_ALPHABET: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without what looks alike."""
_CODE_LENGTH: Final = 8


class CodeInvalid(Exception):
    """No sign-in of this principal waits for that code."""


class SignInRefused(Exception):
    """Gauzy did not let the person in; the message says why."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """``account`` is plain JSON data to be kept; ``label`` is whose it is, for people."""

    account: Mapping[str, Any]
    label: str


SignIn = Callable[[str, str], Awaitable[SignedIn]]
"""Takes e-mail address and password. Raises SignInRefused."""


class Links:
    """``page`` is the address of the link page; ``sign_in`` is how Gauzy is asked; ``key`` digests codes.

    ``gauzy`` tells people which Gauzy it is.
    """

    def __init__(
        self,
        vault: Vault,
        tickets: Tickets,
        sign_in: SignIn,
        *,
        page: str,
        key: bytes,
        gauzy: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.vault = vault
        self.gauzy = gauzy
        self._tickets = tickets
        self._sign_in = sign_in
        self._page = page
        self._key = key
        self._clock = clock

    def address(self, principal: Principal) -> str:
        """Where the person behind ``principal`` links an account, good once and for ten minutes."""
        return f"{self._page}?ticket={self._tickets.issue(principal)}"

    async def read(self, text: str) -> Ticket:
        """The ticket of a visit. Raises TicketInvalid, also for one that was used, or VaultUnavailable."""
        ticket = self._tickets.read(text)
        try:
            used = await PendingLink.objects.filter(ticket=ticket.name).aexists()
        except DatabaseError as error:
            raise VaultUnavailable(f"links cannot be read: {type(error).__name__}") from error
        if used:
            raise TicketInvalid
        return ticket

    async def sign_in(self, ticket: Ticket, email: str, password: str) -> str:
        """Signs in to Gauzy and answers the code. Raises SignInRefused, TicketInvalid or VaultUnavailable."""
        signed_in = await self._sign_in(email, password)
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
        owner, row_id = owner_of(ticket.principal), uuid.uuid4()
        sealed = self.vault.ring.seal(json.dumps(signed_in.account).encode(), self._purpose(row_id, owner))
        try:
            await PendingLink.objects.acreate(
                id=row_id,
                ticket=ticket.name,
                owner=owner,
                api=self.vault.api,
                account=signed_in.label[:LONGEST_LABEL],
                code=self._digest(owner, code),
                sealed=sealed,
                expires=self._moment(LIFE_SECONDS),
            )
        except IntegrityError:
            raise TicketInvalid from None
        except DatabaseError as error:
            raise VaultUnavailable(f"links cannot be stored: {type(error).__name__}") from error
        log.info("link signed in subject=%s client=%s account=%s", ticket.subject, ticket.client, signed_in.label)
        return f"{code[:4]}-{code[4:]}"

    async def complete(self, principal: Principal, code: str) -> str:
        """Links what was signed in with ``code`` and answers whose account it is.

        Raises CodeInvalid, or VaultUnavailable.
        """
        owner = owner_of(principal)
        try:
            row = await self._take(owner, code)
        except DatabaseError as error:
            raise VaultUnavailable(f"links cannot be completed: {type(error).__name__}") from error
        if row is None:
            log.warning("link refused subject=%s: wrong code", principal.subject)
            raise CodeInvalid
        try:
            account = json.loads(self.vault.ring.open(bytes(row.sealed), self._purpose(row.id, owner)))
        except DoesNotOpen:
            raise CodeInvalid from None
        await self.vault.save(principal, account, row.account)
        log.info("link completed subject=%s account=%s", principal.subject, row.account)
        return row.account

    async def _take(self, owner: str, code: str) -> PendingLink | None:
        """Removes the sign-in that waits for ``code``, so that it is used once; a wrong code counts against all."""
        now = self._moment(0)
        # A used ticket stays known for as long as its address could be good.
        await PendingLink.objects.filter(expires__lt=now - datetime.timedelta(seconds=LIFE_SECONDS)).adelete()
        digest = self._digest(owner, "".join(code.split()).replace("-", "").upper())
        waiting = PendingLink.objects.filter(
            owner=owner, api=self.vault.api, expires__gt=now, attempts__lt=MAX_ATTEMPTS
        ).exclude(code="")
        async for row in waiting:
            if hmac.compare_digest(row.code, digest):
                taken = await PendingLink.objects.filter(id=row.id).exclude(code="").aupdate(code="", sealed=b"")
                return row if taken else None
        await PendingLink.objects.filter(owner=owner, api=self.vault.api).aupdate(attempts=F("attempts") + 1)
        return None

    def _digest(self, owner: str, code: str) -> str:
        return hmac.digest(self._key, f"{owner}|{code}".encode(), hashlib.sha256).hex()

    def _purpose(self, row_id: uuid.UUID, owner: str) -> str:
        return f"gauzy-link|v1|{row_id}|{owner}|{self.vault.api}"

    def _moment(self, seconds: float) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self._clock() + seconds, datetime.UTC)
