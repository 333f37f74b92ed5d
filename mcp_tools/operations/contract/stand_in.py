"""A Gauzy that answers anything plausibly and remembers what it was asked: tools run on it without a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mcp_tools.gauzy.identity import Identity
from mcp_tools.operations.contract.examples import SOME_ID

WHO: Final = Identity(SOME_ID, "someone@example.com", "Someone", SOME_ID, SOME_ID, SOME_ID, "ADMIN", "UTC")
MOMENT: Final = "2026-01-15T09:00:00.000Z"


class Plausible(dict[str, Any]):
    """A record that has every field, with a value that fits its name."""

    def __missing__(self, name: str) -> Any:
        return self.get(name)

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name, _plausible(name))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str)


def _plausible(name: str) -> Any:
    if name == "id" or name.endswith("Id"):
        return SOME_ID
    if name.endswith(("At", "Date", "date")) or name in ("start", "end"):
        return MOMENT
    if name in ("total", "count", "amount", "duration", "number", "value", "index"):
        return 1
    if name.startswith(("is", "has")):
        return False
    if name.endswith("s") and name not in ("status", "address", "progress"):
        return [Plausible(id=SOME_ID)]
    if name in ("status", "name", "title", "email", "fullName", "message", "type", "currency", "code", "progress"):
        return "text"
    return Plausible(id=SOME_ID)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that a tool made."""

    method: str
    path: str
    query: Sequence[tuple[str, str]]
    body: Any


@dataclass(slots=True)
class StandIn:
    """Both the context of a tool and its Gauzy."""

    asked: list[Asked] = field(default_factory=list)

    @property
    def gauzy(self) -> StandIn:
        return self

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        return ()

    async def identity(self) -> Identity:
        return WHO

    async def request(
        self, method: str, path: str, *, query: Sequence[tuple[str, str]] = (), body: Any = None, **options: Any
    ) -> Any:
        self.asked.append(Asked(method, path, tuple(query), body))
        return Answer(id=SOME_ID) if method == "GET" else Plausible(id=SOME_ID)

    async def progress(self, done: float, total: float | None = None, message: str | None = None) -> None:
        """Nobody is told."""

    def __getattr__(self, name: str) -> Any:
        """Other ports of the context are not Gauzy's; a tool that needs one makes no request there."""
        raise NotProbed(name)


class Answer(Plausible):
    """An answer to a GET: a record, and a list with one record, whichever the tool takes it for."""

    def get(self, name: str, default: Any = None) -> Any:
        if name == "items":
            return [Plausible(id=SOME_ID)]
        return super().get(name, default)


class NotProbed(AttributeError):
    """A port that the stand-in does not have."""
