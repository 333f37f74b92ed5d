"""Linking a Gauzy account to a principal of a foreign issuer.

The tool call that needs an account answers with an address. Whoever opens it signs in to Gauzy there, and may be
somebody else than the principal: an attacker could have sent a victim his own address. So the page ends with a code,
and only the principal's own client, with the code, completes the link (2025-11-25 page client/elicitation, phishing).

States of a visit: address issued → signed in → (the principal has another account: confirmed or declined) → code shown
→ linked. Each step is taken once, except that a confirmation can be tried again after a wrong password.

To confirm needs the browser that signed in, and a sign-in to the account that is replaced: everything else a client can
do without its person. A code replaces only that account; if the principal has got yet another one since, it is refused.
After a client unlinked the account of a principal, it stays the only one that can be linked without that proof. When an
operator unlinks it, any account can be linked.
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
from django.db.models import F, QuerySet
from django.utils import timezone

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


class AnotherLinked(Exception):
    """The principal has an account that the code does not replace; ``label`` is whose it is."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.label = label


class SignInRefused(Exception):
    """Gauzy did not let the person in; the message says why."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """``account`` is plain JSON data to be kept; ``label`` is whose it is, for people."""

    account: Mapping[str, Any]
    label: str


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose an account is: ``person`` is the same text for every sign-in of one person, ``label`` is for people."""

    person: str
    label: str


@dataclass(frozen=True, slots=True)
class LinkStep:
    """What a sign-in leads to: a ``code``, or a question whether ``linked`` is to be replaced.

    The page asks it, and sends ``confirmation`` back with the answer, and e-mail address and password of ``linked``.
    """

    account: str
    code: str = ""
    linked: str = ""
    confirmation: str = ""


AskGauzy = Callable[[str, str], Awaitable[SignedIn]]
"""Takes e-mail address and password. Raises SignInRefused."""
ProvePerson = Callable[[str, str, str], Awaitable[None]]
"""Takes e-mail address, password and a :attr:`Whose.person`. Raises SignInRefused unless they sign that person in."""


def forget_abandoned() -> None:
    """Removes the Gauzy tokens of sign-ins that nobody completed in time. Called every minute, in any process."""
    now = timezone.now()
    PendingLink.objects.filter(expires__lt=now).exclude(sealed=b"").update(code="", confirmation="", sealed=b"")
    # A used ticket stays known for as long as the address with it could be good, even if clocks differ.
    PendingLink.objects.filter(expires__lt=now - datetime.timedelta(seconds=LIFE_SECONDS)).delete()


class Links:
    """``page`` is the address of the link page; ``sign_in`` and ``prove`` ask Gauzy; ``key`` digests codes.

    ``whose`` reads whose a kept account is. ``gauzy`` names the Gauzy to people.
    """

    def __init__(
        self,
        vault: Vault,
        tickets: Tickets,
        sign_in: AskGauzy,
        prove: ProvePerson,
        whose: Callable[[Mapping[str, Any]], Whose],
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
        self._prove = prove
        self._whose = whose
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

    async def sign_in(self, ticket: Ticket, email: str, password: str) -> LinkStep:
        """Signs in to Gauzy. Raises SignInRefused, TicketInvalid or VaultUnavailable."""
        signed_in = await self._sign_in(email, password)
        linked, fresh = await self.holder(ticket.principal), self._whose(signed_in.account)
        replaces = linked is not None and linked.person != fresh.person
        code, confirmation = ("", secrets.token_urlsafe(24)) if replaces else (_new_code(), "")
        owner, row_id = owner_of(ticket.principal), uuid.uuid4()
        sealed = self.vault.ring.seal(json.dumps(signed_in.account).encode(), self._purpose(row_id, owner))
        try:
            await PendingLink.objects.acreate(
                id=row_id,
                ticket=ticket.name,
                owner=owner,
                api=self.vault.api,
                account=signed_in.label[:LONGEST_LABEL],
                code=self._digest(owner, code) if code else "",
                confirmation=self._confirmation(owner, confirmation) if confirmation else "",
                replaces=linked.person if linked else "",
                sealed=sealed,
                expires=self._moment(LIFE_SECONDS),
            )
        except IntegrityError:
            raise TicketInvalid from None
        except DatabaseError as error:
            raise VaultUnavailable(f"links cannot be stored: {type(error).__name__}") from error
        log.info("link signed in subject=%s client=%s account=%s", ticket.subject, ticket.client, signed_in.label)
        old = linked.label if linked and replaces else ""
        return LinkStep(signed_in.label, _spaced(code), old, confirmation)

    async def question(self, text: str, confirmation: str) -> tuple[Ticket, LinkStep]:
        """The question that a visit waits to have answered.

        ``text`` is the ticket of the visit. Raises TicketInvalid, also where nothing waits, or VaultUnavailable.
        """
        ticket, waiting = self._waiting(text, confirmation)
        try:
            row = await waiting.afirst()
        except DatabaseError as error:
            raise VaultUnavailable(f"links cannot be read: {type(error).__name__}") from error
        linked = await self.holder(ticket.principal) if row is not None else None
        if row is None or linked is None or linked.person != row.replaces:
            raise TicketInvalid
        return ticket, LinkStep(row.account, linked=linked.label, confirmation=confirmation)

    async def confirm(self, text: str, confirmation: str, email: str, password: str) -> LinkStep:
        """The code for a sign-in that replaces another account, ``email`` and ``password`` being those of the latter.

        Raises SignInRefused, after which it may be tried again, and what :meth:`question` raises.
        """
        ticket, waiting = self._waiting(text, confirmation)
        code = _new_code()
        try:
            row = await waiting.afirst()
            if row is None:
                raise TicketInvalid
            await self._prove_replaced(ticket, row.replaces, email, password)
            answered = {"confirmation": "", "proved": row.replaces, "code": self._digest(row.owner, code)}
            taken = await waiting.aupdate(**answered, expires=self._moment(LIFE_SECONDS))
        except DatabaseError as error:
            raise VaultUnavailable(f"links cannot be stored: {type(error).__name__}") from error
        if not taken:
            raise TicketInvalid
        log.info("link confirmed subject=%s client=%s account=%s", ticket.subject, ticket.client, row.account)
        return LinkStep(row.account, _spaced(code))

    async def _prove_replaced(self, ticket: Ticket, person: str, email: str, password: str) -> None:
        """Signs in to the account that is replaced. Raises SignInRefused."""
        try:
            await self._prove(email, password, person)
        except SignInRefused:
            log.warning("link not confirmed subject=%s client=%s: no proof", ticket.subject, ticket.client)
            raise

    async def decline(self, text: str, confirmation: str) -> None:
        """Forgets the sign-in of a visit. Raises what :meth:`confirm` raises."""
        ticket, waiting = self._waiting(text, confirmation)
        try:
            taken = await waiting.aupdate(confirmation="", sealed=b"")
        except DatabaseError as error:
            raise VaultUnavailable(f"links cannot be stored: {type(error).__name__}") from error
        if not taken:
            raise TicketInvalid
        log.info("link declined subject=%s client=%s", ticket.subject, ticket.client)

    async def complete(self, principal: Principal, code: str) -> str:
        """Links what was signed in with ``code`` and answers whose account it is.

        Raises CodeInvalid, AnotherLinked or VaultUnavailable.
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
        async with self.vault.turn(principal):
            linked = await self.holder(principal)
            if linked is not None and linked.person not in (row.proved, self._whose(account).person):
                log.warning("link refused subject=%s: the code does not replace %s", principal.subject, linked.label)
                raise AnotherLinked(linked.label)
            await self.vault.save(principal, account, row.account)
        log.info("link completed subject=%s account=%s", principal.subject, row.account)
        return row.account

    async def holder(self, principal: Principal) -> Whose | None:
        """Whose account is linked, or was until a client unlinked it; None where any account may be linked.

        Raises VaultUnavailable.
        """
        try:
            kept = await self.vault.kept(principal)
        except DoesNotOpen as error:
            raise VaultUnavailable(f"a linked account does not open: {error}; check MCP_CREDENTIAL_KEYS") from error
        if kept.account:
            return self._whose(kept.account)
        return Whose(kept.person, kept.label) if kept.person else None

    async def unlink(self, principal: Principal) -> Mapping[str, Any] | None:
        """Forgets the tokens of the linked account and returns them; None for none. Whose it is stays known.

        Raises DoesNotOpen, or VaultUnavailable.
        """
        async with self.vault.turn(principal):
            account = (await self.vault.kept(principal)).account
            if account:
                await self.vault.drop_tokens(principal, self._whose(account).person)
        return account or None

    def _waiting(self, text: str, confirmation: str) -> tuple[Ticket, QuerySet[PendingLink]]:
        """The sign-in of a visit that waits for ``confirmation``, if there is one. Raises TicketInvalid."""
        ticket = self._tickets.read(text)
        digest = self._confirmation(owner_of(ticket.principal), confirmation)
        return ticket, PendingLink.objects.filter(
            ticket=ticket.name, confirmation=digest, api=self.vault.api, expires__gt=self._moment(0)
        )

    async def _take(self, owner: str, code: str) -> PendingLink | None:
        """Removes the sign-in that waits for ``code``, so that it is used once; a wrong code counts against all."""
        now = self._moment(0)
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

    def _confirmation(self, owner: str, answer: str) -> str:
        # Not the digest of the version before, which took an answer without a proof.
        return hmac.digest(self._key, f"proof|{owner}|{answer}".encode(), hashlib.sha256).hex()

    def _purpose(self, row_id: uuid.UUID, owner: str) -> str:
        return f"gauzy-link|v1|{row_id}|{owner}|{self.vault.api}"

    def _moment(self, seconds: float) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self._clock() + seconds, datetime.UTC)


def _new_code() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))


def _spaced(code: str) -> str:
    """As people read it."""
    return f"{code[:4]}-{code[4:]}" if code else ""
