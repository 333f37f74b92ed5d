"""Where traces attach: requests of clients, and requests to Gauzy. Off unless somebody puts a tracer in place.

This module knows no tracing library: a tracer is what the wiring gives, and without one nothing is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol


class Span(Protocol):
    """Something that takes its time now. An exception that leaves it makes it fail by the exception's name."""

    def tell(self, attributes: Mapping[str, Any]) -> None:
        """More of what it is."""

    def fail(self, kind: str) -> None:
        """It failed; ``kind`` is one of few words (``error.type``)."""


class Tracer(Protocol):
    def incoming(
        self,
        method: str,
        target: str,
        attributes: Mapping[str, Any],
        message: Mapping[str, str],
        transport: Mapping[str, str],
    ) -> AbstractContextManager[Span]:
        """A span around the answer to a request. ``target`` is the name of a tool or prompt that exists, else empty.

        ``message`` and ``transport`` hold ``traceparent`` and ``tracestate`` (W3C Trace Context) of the message and of
        the HTTP request that brought it, if they have any. The first that is well formed is the parent; a second one
        is linked.
        """

    def outgoing(
        self, method: str, path: str, host: str, port: int, inject: Callable[[str, str], None]
    ) -> AbstractContextManager[Span]:
        """A span around one request to Gauzy; ``inject`` takes the headers that carry the trace on."""
