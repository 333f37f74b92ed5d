"""Demo companies to copy: founding one takes longer than most tests."""

from __future__ import annotations

import datetime
import functools
from pathlib import Path

from gauzy_mcp.rehearsal import new_company
from mcp_tools.sandbox.seed import seed
from mcp_tools.sandbox.store import Store
from tests.clocks import WEDNESDAY


@functools.cache
def company(moment: datetime.datetime = WEDNESDAY) -> bytes:
    """The file of a demo company that was founded at ``moment``."""
    return new_company(lambda: moment)


def move_everybody(place: Path, zone: str) -> None:
    """Gives the people of the company at ``place`` another time zone, which no route of Gauzy's here does."""
    store = Store(place, seed)
    with store.transaction(write=True) as records:
        for user in records.everywhere("User"):
            records.put("User", {**user, "timeZone": zone})
    store.close()
