"""The one-time address of the link page. What it carries is sealed: nobody can make one up, or read whose it is."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final

from oauth_resource.principal import Principal
from oauth_resource.vault.sealing import DoesNotOpen, KeyRing

LIFE_SECONDS: Final = 600
_PURPOSE: Final = "gauzy-link-ticket|v1"


class TicketInvalid(Exception):
    """Expired, used, or not one of ours."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whom a visit to the page is for. ``number`` makes it good once; ``expires`` is Unix seconds."""

    issuer: str
    subject: str
    client: str
    number: str
    expires: float

    @property
    def principal(self) -> Principal:
        """Without scopes: a ticket opens the page and nothing else."""
        return Principal(self.issuer, self.subject, self.client, frozenset())

    @property
    def name(self) -> str:
        """What is kept of a ticket that was used."""
        return hashlib.sha256(self.number.encode()).hexdigest()


class Tickets:
    """``key`` has 32 bytes and is for this purpose alone."""

    def __init__(self, key: bytes, clock: Callable[[], float] = time.time) -> None:
        self._ring = KeyRing([key])
        self._clock = clock

    def issue(self, principal: Principal) -> str:
        """A ticket for ``principal``, as text for a URL."""
        number = secrets.token_urlsafe(16)
        ends = self._clock() + LIFE_SECONDS
        ticket = Ticket(principal.issuer, principal.subject, principal.client_id, number, ends)
        sealed = self._ring.seal(json.dumps(asdict(ticket)).encode(), _PURPOSE)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def read(self, text: str) -> Ticket:
        """Raises TicketInvalid."""
        try:
            sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            ticket = Ticket(**json.loads(self._ring.open(sealed, _PURPOSE)))
        except (DoesNotOpen, ValueError, TypeError):
            raise TicketInvalid from None
        if ticket.expires <= self._clock():
            raise TicketInvalid
        return ticket
