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
    subject. Each is empty where it is not known."""

    request: str = ""
    session: str = ""
    principal: str = ""
    trace: Mapping[str, str] = field(default_factory=dict)
    """The ``traceparent`` and ``tracestate`` of an HTTP request (W3C Trace Context), if it had any."""


_NOBODY: Final = Attribution()
_CURRENT: ContextVar[Attribution] = ContextVar("attribution", default=_NOBODY)


def current() -> Attribution:
    """That of the code that runs now."""
    return _CURRENT.get()


def begin(request: str = "", trace: Mapping[str, str] | None = None) -> Attribution:
    """Begins a request, in a task that serves no other, under the id that came with it or a new one."""
    attribution = Attribution(request or new_id(), trace=trace or {})
    _CURRENT.set(attribution)
    return attribution


@contextlib.contextmanager
def of(session: str, principal: str, *, own: bool) -> Iterator[None]:
    """While a message is answered. ``own`` messages of a connection are requests of their own; that of an HTTP request
    has its id already."""
    known = _CURRENT.get()
    request = new_id() if own or not known.request else known.request
    token = _CURRENT.set(Attribution(request, session, principal, {} if own else known.trace))
    try:
        yield
    finally:
        _CURRENT.reset(token)


def new_id() -> str:
    return secrets.token_hex(8)
