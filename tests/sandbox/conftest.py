from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mcp_tools.sandbox.application import Sandbox

KEY = b"k" * 32


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox of the test's own, seeded."""
    made = Sandbox(tmp_path / "sandbox.sqlite3", KEY)
    yield made
    made.close()
