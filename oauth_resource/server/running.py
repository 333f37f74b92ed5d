"""The authorization server of this process, put together by the wiring, and how its pages and endpoints reach it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from django.http import HttpRequest

from oauth_resource.principal import Principal
from oauth_resource.provided import ProvidedPart
from oauth_resource.resource.validation import News
from oauth_resource.server.issuer import Issuer
from oauth_resource.server.keys import SigningKeys
from oauth_resource.vault.sealing import KeyRing
from oauth_resource.vault.store import Vault

AWAY_SECONDS: Final = 5
"""When to come back to a server that has lost its database."""


class Busy(Exception):
    """Too many requests of one kind; the message says when to come back, and ``seconds`` how long to wait."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Workspace:
    """One tenant of Gauzy that a person is in; ``entry`` is what lets them in without the password, for minutes."""

    tenant: str
    name: str
    email: str
    entry: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Organization:
    """One organization of a tenant. ``current`` is the one that a sign-in starts in."""

    id: str
    name: str
    current: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Who signed in at Gauzy. ``account`` is their sign-in as plain JSON data, for the vault."""

    tenant: str
    gauzy_user: str
    email: str
    name: str
    account: dict[str, Any] = field(repr=False)


class Refused(Exception):
    """Gauzy did not let the person in; the message says why, and nothing of whether there is such an account."""


class Away(Exception):
    """Gauzy could not be asked; the message says why, for the log."""


class Gauzy(Protocol):
    """Signing in at Gauzy, as the pages need it. Every step raises Refused or Away."""

    async def workspaces(self, email: str, password: str) -> list[Workspace]:
        """Checks the password, and answers the tenants that this person is in: one at least."""

    async def enter(self, workspace: Workspace) -> Person: ...

    async def organizations(self, person: Person) -> list[Organization]:
        """Where this person can work within the tenant."""

    async def choose(self, person: Person, organization: str) -> Person:
        """The same person, working in one of their organizations."""

    async def sign_out(self, person_account: dict[str, Any]) -> None:
        """Tells Gauzy that a sign-in is over; a failure is logged, since the tokens are forgotten anyway."""


class Brakes(Protocol):
    """Counts what may be done only so often. Raises Busy."""

    async def login(self, request: HttpRequest, account: str) -> None:
        """A sign-in: per address, and per account whatever the address."""

    async def request(self, request: HttpRequest) -> None:
        """A request of a stranger, or one that failed, per address."""

    async def client(self, request: HttpRequest, client_id: str) -> None:
        """A request of a client, per client and address: many people's clients call from the same few addresses."""

    async def register(self, request: HttpRequest) -> None:
        """A client that registers itself, per address."""


Holder = Callable[[HttpRequest], Awaitable[Principal]]
"""Who sends a request, by its access token. Raises the authenticator's Refused."""


@dataclass(frozen=True, slots=True)
class AuthorizationServer:
    """``ring`` seals what must not be read in the database; ``api`` is the address of Gauzy.

    ``gauzy_name`` is what people are told of where that is; ``demo`` is e-mail address and password of a demo company;
    ``console`` are the addresses of the console, none where it is switched off.
    """

    issuer: Issuer
    keys: SigningKeys
    ring: KeyRing
    news: News
    vault: Vault
    gauzy: Gauzy
    brakes: Brakes
    holder: Holder
    api: str
    gauzy_name: str
    demo: tuple[str, str] | None = None
    console: tuple[str, ...] = ()


running: Final = ProvidedPart[AuthorizationServer]("the authorization server")
"""The server of this process. Its URLs exist only where it is on."""

signing_keys: Final = ProvidedPart[SigningKeys]("the signing keys")
"""The same keys for commands, also where the server is off."""
