from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mcp_tools.sandbox.application import Sandbox
from tests.clocks import clock
from tests.companies import company

KEY = b"k" * 32


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox of the test's own, seeded."""
    place = tmp_path / "sandbox.sqlite3"
    place.write_bytes(company())
    made = Sandbox(place, KEY, clock())
    yield made
    made.close()
