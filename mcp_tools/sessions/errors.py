"""What can go wrong with state that processes share."""

from __future__ import annotations

from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError


class StateUnavailable(Exception):
    """The shared state cannot be reached now; nothing was lost, and trying again later helps."""


class AlreadyRunning(Exception):
    """The session has a request with the same id in flight, in this process or another."""


class SessionEnded(ProtocolError):
    """The session of a request ended or expired, here or in another process: its client has to open a new one."""

    def __init__(self) -> None:
        super().__init__(INVALID_REQUEST, "Session not found: it ended or expired. Send initialize again.", status=404)


class CookieOutlived(SessionEnded):
    """A browser's cookie names a session that is over: who was signed in there must not go on as somebody else."""
