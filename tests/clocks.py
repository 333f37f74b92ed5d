"""The time of day of a test, which is not the machine's: no test depends on the day it runs on."""

from __future__ import annotations

import datetime
import functools
import time

from gauzy_mcp.rehearsal import new_company
from mcp_tools.clock import Clock

WEDNESDAY = datetime.datetime(2026, 3, 18, 14, tzinfo=datetime.UTC)
"""When tests take place unless they say otherwise: in the middle of a week, a month and a working day."""


def clock(moment: datetime.datetime = WEDNESDAY) -> Clock:
    """A clock that shows ``moment`` now, and goes on from there."""
    started = time.monotonic()
    return lambda: moment + datetime.timedelta(seconds=time.monotonic() - started)


@functools.cache
def company(moment: datetime.datetime = WEDNESDAY) -> bytes:
    """The file of a demo company that was founded at ``moment``."""
    return new_company(lambda: moment)
