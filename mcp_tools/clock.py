"""The time of day, for everything whose answers depend on it.

A process makes one clock and hands it to the Gauzy client, whose users are the tools, and to the embedded company.
Lifetimes of tokens, sessions and requests do not use it: they compare instants with other machines, or measure.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

Clock = Callable[[], datetime.datetime]
"""Returns this instant, aware, in UTC."""


def utc_now() -> datetime.datetime:
    """The clock of this machine."""
    return datetime.datetime.now(datetime.UTC)
