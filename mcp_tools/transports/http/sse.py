"""Server-Sent Events as MCP uses them (WHATWG HTML section 9.2; page basic/transports of each revision)."""

from __future__ import annotations

from typing import Final

from mcp_tools.sessions.events import position

KEEP_ALIVE_SECONDS: Final = 15.0
"""How often an idle stream says something, so that proxies do not close it."""

KEEP_ALIVE: Final = b": keep-alive\n\n"
OPENED: Final = b": open\n\n"


def frame(message: bytes, event_id: str | None = None) -> bytes:
    """One message. JSON from the encoder is a single line, so one ``data:`` field is enough."""
    head = b"" if event_id is None else b"id: " + event_id.encode() + b"\n"
    return head + b"event: message\ndata: " + message + b"\n\n"


def priming(event_id: str, retry_ms: int | None = None) -> bytes:
    """An event without a message, from which a client of 2025-11-25 can resume before anything else was sent."""
    retry = b"" if retry_ms is None else b"retry: " + str(retry_ms).encode() + b"\n"
    return b"id: " + event_id.encode() + b"\n" + retry + b"data: \n\n"


def endpoint(url: str) -> bytes:
    """The first event of the HTTP+SSE transport of 2024-11-05: where to POST messages."""
    return b"event: endpoint\ndata: " + url.encode() + b"\n\n"


def wire_id(stream: str, event_id: str) -> str:
    """An event id that names its stream, as resumption needs it."""
    return f"{stream}:{event_id}"


def read_wire_id(value: str) -> tuple[str, str] | None:
    """Stream and event of a ``Last-Event-ID``; None for one that is not ours."""
    stream, _, event_id = value.rpartition(":")
    try:
        position(event_id)
    except ValueError:
        return None
    return (stream, event_id) if stream else None
