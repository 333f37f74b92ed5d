"""What a tool may use while it runs: the ports that the dispatcher fills in.

The catalogue does no I/O of its own. A tool gets a :class:`ToolContext` and reaches Gauzy, the caller's
account and the caller's client only through it, so no tool can touch another caller's data.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from mcp_tools.catalog.questions import Question

if TYPE_CHECKING:
    from mcp_tools.catalog.paths import Path

Json = Any
Query = Sequence[tuple[str, str]]


class Identity(Protocol):
    """The Gauzy user behind a call. Ids are UUID texts; empty where the user has none."""

    @property
    def user_id(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def tenant_id(self) -> str: ...
    @property
    def organization_id(self) -> str: ...
    @property
    def employee_id(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def time_zone(self) -> str: ...


class Gauzy(Protocol):
    """One identity's access to the Gauzy REST API."""

    async def identity(self) -> Identity:
        """The signed-in user, signing in first where needed. Raises a GauzyError when that fails."""

    async def request(
        self, method: str, path: Path, *, query: Query = (), body: Mapping[str, Json] | list[Json] | None = None
    ) -> Json:
        """The decoded answer to ``METHOD /api{path}``; None for an empty one. ``path_to`` makes paths.

        ``query`` is a list of pairs, so that ``relations[]`` may repeat. The bearer token and the
        ``Tenant-Id`` header are added. Raises a GauzyError with Gauzy's own messages.
        """

    def now(self) -> datetime.datetime:
        """This instant, in UTC. Tools and prompts get the time only from here."""


class Account(Protocol):
    """The caller's Gauzy sign-in. Nothing here reaches another caller's."""

    async def sign_in(self, email: str | None, password: str | None, tenant_id: str | None) -> Identity:
        """Binds a Gauzy account to the caller's session; without arguments the configured account.

        Under OAuth the account is fixed: signs the session in again as that account, and renews its tokens with
        ``email`` and ``password``. Raises a GauzyError for any other account.
        """

    async def sign_out(self) -> bool:
        """Makes the caller's session act as nobody. False when it did already. Raises a GauzyError without one."""

    async def switch_organization(self, wanted: str) -> tuple[Identity, str]:
        """Continues in another organization of the same person, by id or name, in the caller's session only.

        Returns the name of the organization too. Raises a GauzyError without a session, or for any other organization.
        """

    async def refresh(self) -> Mapping[str, Json]:
        """Renews the caller's access token: ``{"expiresAt": ISO 8601}``."""

    async def status(self) -> Mapping[str, Json]:
        """``{"authenticated": bool, "source": "session"|"linked"|"shared"|"none", …}``, never a token."""


class ToolContext(Protocol):
    """Everything a running tool may touch."""

    @property
    def gauzy(self) -> Gauzy: ...
    @property
    def account(self) -> Account: ...

    def describe_session(self) -> Mapping[str, Json]:
        """The caller's own session, without its secret id."""

    def describe_server(self) -> Mapping[str, Json]:
        """Name, version, transports, protocol revisions, Gauzy address and mode of this server."""

    async def cleanup_sessions(self) -> int:
        """Removes expired sessions now and answers how many went."""

    async def probe(self) -> Mapping[str, Json]:
        """Asks Gauzy for its health without signing in: ``{"reachable": bool, "status": …, "milliseconds": …}``."""

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        """The errors that are told to the caller: a bulk tool reports them per item and goes on."""

    def search_tools(self, query: str, limit: int) -> Sequence[Mapping[str, Json]]:
        """The tools that fit ``query`` and that the caller may call: ``{name, description, toolset, inputSchema}``."""

    def can_ask(self, question: Question) -> bool:
        """Whether the client takes such a question."""

    async def ask(self, **questions: Question) -> Mapping[str, Mapping[str, Json]]:
        """Asks the person or the client and waits; the answers come by the names of the questions.

        In the stateless era the tool is run anew with each round of answers, so ask before you change anything.
        Raises what the dispatcher understands when the client cannot be asked.
        """

    async def detach(self) -> None:
        """Answers the call with a task and goes on in the background. Raises -32021 for a client without tasks."""

    async def log(self, level: str, data: Json, logger: str = "gauzy") -> None:
        """Tells the client something for its log; levels are those of RFC 5424."""

    async def pause_connection(self, retry_ms: int) -> None:
        """Lets a client that can resume close its connection and come back, in a long wait (HTTP alone)."""

    async def progress(self, done: float, total: float | None = None, message: str | None = None) -> None:
        """Tells the client how far the call is, if it asked for progress."""
