"""The bearer token of a request: in the Authorization header or, for browsers' WebSockets, among the subprotocols.

A token in the query or in a form is never looked at (RFC 9700 section 4.3.2, MCP page basic/authorization).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from oauth_resource.resource.errors import InvalidToken, Malformed, NoToken

MAX_TOKEN: Final = 8192
"""Characters; no server issues longer ones, and no proxy passes them on."""

SUBPROTOCOL: Final = "bearer."
_B64TOKEN: Final = re.compile(r"[A-Za-z0-9\-._~+/]+=*")


def of_header(values: Sequence[str]) -> str:
    """The token of all Authorization headers (RFC 6750 section 2.1). Raises NoToken, Malformed or InvalidToken."""
    if not values:
        raise NoToken("no Authorization header")
    if len(values) > 1:
        raise Malformed("several Authorization headers")
    scheme, separator, rest = values[0].strip(" \t").partition(" ")
    if scheme.lower() != "bearer":
        raise NoToken("another authentication scheme")
    token = rest.strip(" ")
    if len(token) > MAX_TOKEN:
        raise InvalidToken("longer than any token")
    if not separator or not _B64TOKEN.fullmatch(token):
        raise Malformed("not a bearer token")
    return token


def of_subprotocols(offered: Iterable[str]) -> str | None:
    """The token of a WebSocket that offers ``bearer.<token>``; None for one that offers none. Raises Malformed."""
    tokens = {name[len(SUBPROTOCOL) :] for name in offered if name.startswith(SUBPROTOCOL)}
    if not tokens:
        return None
    if len(tokens) > 1:
        raise Malformed("several bearer tokens among the subprotocols")
    return of_header([f"Bearer {tokens.pop()}"])


def of_upgrade(values: Sequence[str], offered: Iterable[str]) -> str:
    """The token of a WebSocket upgrade, which may repeat the same one in both places. Raises NoToken or Malformed."""
    by_subprotocol = of_subprotocols(offered)
    if by_subprotocol is None:
        return of_header(values)
    if values and of_header(values) != by_subprotocol:
        raise Malformed("two different tokens")
    return by_subprotocol
