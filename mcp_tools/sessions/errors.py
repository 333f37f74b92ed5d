"""What can go wrong with state that processes share."""

from __future__ import annotations


class StateUnavailable(Exception):
    """The shared state cannot be reached now; nothing was lost, and trying again later helps."""
