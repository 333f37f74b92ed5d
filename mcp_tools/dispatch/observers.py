"""Who looks on: operators' history, metrics and the audit log learn here what sessions and calls do.

Observers are called on the loop and must be quick; what takes time they do elsewhere. One that fails must not harm a
request, so its failure is logged and the others go on.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mcp_tools.sessions.session import Session

log = logging.getLogger("gauzy_mcp.engine")


@dataclass(frozen=True, slots=True)
class CallerDetails:
    """Who makes a request, as far as this process knows it without asking anybody; empty where it does not.

    ``email``, ``name`` and ``organization``, an id, are those of the Gauzy account that the caller acts as;
    ``is_configured`` says that it is the one of GAUZY_AUTH_EMAIL, which many share, and ``is_account_known`` that
    nobody else is meant where they are empty. ``address`` is the client's, empty on stdio.
    """

    client_name: str = ""
    client_version: str = ""
    revision: str = ""
    address: str = ""
    email: str = ""
    name: str = ""
    organization: str = ""
    is_configured: bool = False
    is_account_known: bool = False


UNKNOWN_CALLER: Final = CallerDetails()


@dataclass(frozen=True, slots=True)
class Operation:
    """One finished request. ``began`` is Unix time, ``seconds`` how long it took, ``error`` a short type or empty.

    ``prompt`` is the name of a prompt that exists, for prompts/get.

    For tools/call, ``tool`` is its name, ``outcome`` is ok, error, cancelled or crashed, ``upstream`` the HTTP status
    of Gauzy where the call failed there, and ``arguments`` what was given, without what must not be kept; ``readable``
    is what may be kept in plain text, all of it unless given. ``began_as`` is the ``uid`` that
    :meth:`Observer.operation_began` was told, which a sign-in may change meanwhile. ``is_offered`` is False where no
    tool was found: ``tool`` is then what the caller wrote, and observers were not told of a beginning.
    """

    method: str
    transport: str
    revision: str
    uid: str
    principal: str
    began: float
    seconds: float
    error: str = ""
    tool: str = ""
    prompt: str = ""
    outcome: str = ""
    upstream: int | None = None
    arguments: Any = None
    readable: Mapping[str, Any] | None = None
    began_as: str = ""
    is_offered: bool = True
    caller: CallerDetails = UNKNOWN_CALLER


class Observer:
    """Does nothing; observers override what they care about."""

    def session_began(self, session: Session, caller: CallerDetails = UNKNOWN_CALLER) -> None:
        """A client opened a session."""

    def session_seen(self, session: Session, caller: CallerDetails = UNKNOWN_CALLER) -> None:
        """A session was used; its client may have said more about itself."""

    def sessions_connected(self, sessions: Sequence[Session]) -> None:
        """These sessions have a connection open in this process, used or not. Told every few seconds."""

    def session_ended(self, uid: str, reason: str, session: Session | None = None) -> None:
        """A session is over: ``closed`` by its client, ``terminated`` by an operator, ``expired``.

        ``session`` is None where only its name is known.
        """

    def operation_began(self, session: Session | None, caller: CallerDetails = UNKNOWN_CALLER) -> None:
        """A request that takes time begins to run."""

    def operation_ended(self, operation: Operation) -> None:
        """A request was answered."""


class Observers(Observer):
    """All of them as one."""

    def __init__(self) -> None:
        self._all: list[Observer] = []

    def add(self, observer: Observer) -> None:
        self._all.append(observer)

    def session_began(self, session: Session, caller: CallerDetails = UNKNOWN_CALLER) -> None:
        self._tell("session_began", session, caller)

    def session_seen(self, session: Session, caller: CallerDetails = UNKNOWN_CALLER) -> None:
        self._tell("session_seen", session, caller)

    def sessions_connected(self, sessions: Sequence[Session]) -> None:
        self._tell("sessions_connected", sessions)

    def session_ended(self, uid: str, reason: str, session: Session | None = None) -> None:
        self._tell("session_ended", uid, reason, session)

    def operation_began(self, session: Session | None, caller: CallerDetails = UNKNOWN_CALLER) -> None:
        self._tell("operation_began", session, caller)

    def operation_ended(self, operation: Operation) -> None:
        self._tell("operation_ended", operation)

    def _tell(self, event: str, *details: Any) -> None:
        for observer in self._all:
            try:
                getattr(observer, event)(*details)
            except Exception:
                log.exception("an observer failed at %s", event)
