from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.processes import Server, server
from tests.transports.calls import client


@pytest.fixture(scope="session")
def live() -> Iterator[Server]:
    """One server with the embedded Gauzy, shared by the tests of a worker: sessions keep them apart."""
    with server() as running:
        yield running


@pytest.fixture
def http(live: Server) -> Iterator[httpx.Client]:
    with client(live.http) as opened:
        yield opened
