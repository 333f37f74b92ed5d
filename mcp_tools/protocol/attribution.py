"""Whose request a line of log, or a span, belongs to. Nothing ever decides anything by it."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final


@dataclass(slots=True)
class Attribution:
    """``request`` is the id of a request, ``session`` the name that operators know a session by, ``principal`` the
    subject. Each is empty where it is not known, or not known yet."""

    request: str = ""
    session: str = ""
    principal: str = ""
    trace: Mapping[str, str] = field(default_factory=dict)
    """The ``traceparent`` and ``tracestate`` of an HTTP request (W3C Trace Context), if it had any."""


_NOBODY: Final = Attribution()
_CURRENT: ContextVar[Attribution] = ContextVar("attribution", default=_NOBODY)


def current() -> Attribution:
    """That of the code that runs now. Work of the process itself, begun in a context of its own, has an empty one."""
    return _CURRENT.get()


def begin(request: str = "", trace: Mapping[str, str] | None = None) -> Attribution:
    """Begins an HTTP request or a WebSocket, in a task that serves no other, under the id that came or a new one."""
    attribution = Attribution(request or new_id(), trace=trace or {})
    _CURRENT.set(attribution)
    return attribution


@contextlib.contextmanager
def message(session: str, principal: str) -> Iterator[None]:
    """While one message of a connection is answered: each is a request of its own."""
    token = _CURRENT.set(Attribution(new_id(), session, principal))
    try:
        yield
    finally:
        _CURRENT.reset(token)


def identify(*, session: str | None = None, principal: str | None = None) -> None:
    """Tells what has been found out about the current request. Nothing where none is current."""
    known = _CURRENT.get()
    if known is _NOBODY:
        return
    if session is not None:
        known.session = session
    if principal is not None:
        known.principal = principal


def new_id() -> str:
    return secrets.token_hex(8)
