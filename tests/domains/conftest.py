from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.domains.gauzy import Gauzy
from tests.domains.gauzy import gauzy as running


@pytest.fixture
async def gauzy(tmp_path: Path) -> AsyncIterator[Gauzy]:
    async with running(tmp_path) as one:
        yield one
