from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.clocks import When
from tests.domains.gauzy import Gauzy
from tests.domains.gauzy import gauzy as running


@pytest.fixture
async def gauzy(tmp_path: Path, when: When) -> AsyncIterator[Gauzy]:
    async with running(tmp_path, when) as one:
        yield one
