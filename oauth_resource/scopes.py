"""The scopes of this server and what each of them includes. This module imports nothing of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

READ: Final = "mcp.read"
WRITE: Final = "mcp.write"
ADMIN: Final = "mcp.admin"

ORDER: Final = (READ, WRITE, ADMIN)

_INCLUDES: Final[Mapping[str, frozenset[str]]] = {
    WRITE: frozenset({READ}),
    ADMIN: frozenset({READ, WRITE}),
}


def expanded(granted: Iterable[str]) -> frozenset[str]:
    """``granted`` with everything that it includes: admin includes write, and write includes read."""
    given = frozenset(granted)
    return given.union(*(_INCLUDES.get(scope, frozenset()) for scope in given))


def written(scopes: Iterable[str]) -> str:
    """A scope value of RFC 6749 section 3.3: ours from the weakest to the strongest, then others by name."""
    given = set(scopes)
    return " ".join([*(scope for scope in ORDER if scope in given), *sorted(given.difference(ORDER))])


def step_up(granted: Iterable[str], needed: Iterable[str]) -> str:
    """The scope value that a client should ask for (RFC 6750 section 3.1): what is ``needed``, and what it has of ours.

    Other scopes of its token are not repeated: an issuer may have listed thousands, and a header has to be short.
    """
    return written({*needed, *frozenset(ORDER).intersection(granted)})
