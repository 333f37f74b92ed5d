from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conformance.processes import fixture_server, fixture_stdio
from tests.processes import Server, Stdio


@pytest.fixture(scope="session")
def fixtures() -> Iterator[Server]:
    """One fixture server, shared by the tests of a worker: sessions and labels keep them apart."""
    with fixture_server() as running:
        yield running


@pytest.fixture
def stdio() -> Iterator[Stdio]:
    with fixture_stdio() as process:
        yield process
