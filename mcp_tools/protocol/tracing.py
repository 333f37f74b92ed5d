"""Where traces attach: requests of clients, and requests to Gauzy. Off unless somebody puts a tracer in place.

This module knows no tracing library: a tracer is what the wiring gives, and without one nothing is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol


class Incoming(Protocol):
    """A request of a client that is being answered."""

    def ended(self, *, code: int, tool_error: bool) -> None:
        """How it went: the code of a JSON-RPC error, else 0, and whether the result of a tool says isError."""


class Outgoing(Protocol):
    """A request to Gauzy that is under way."""

    def answered(self, status: int) -> None: ...


class Tracer(Protocol):
    def incoming(
        self, method: str, target: str, attributes: Mapping[str, Any], carrier: Mapping[str, str]
    ) -> AbstractContextManager[Incoming]:
        """A span around the answer to a request. ``target`` is the name of a tool or prompt that exists, else empty;
        ``carrier`` holds ``traceparent`` and ``tracestate`` (W3C Trace Context) if there are any."""

    def outgoing(
        self, method: str, path: str, host: str, inject: Callable[[str, str], None]
    ) -> AbstractContextManager[Outgoing]:
        """A span around one request to Gauzy; ``inject`` takes the headers that carry the trace on."""
