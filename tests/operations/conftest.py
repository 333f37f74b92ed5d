from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.operations.operators import FIRST_OPERATOR, Operator
from tests.operations.places import History
from tests.processes import Server, server

HOLDING = ("-m", "tests.sessions.serve")
"""The product with a few more tools, among them one that runs until it is released."""


@dataclass(frozen=True)
class Place:
    """One server, where it keeps its history, and the folder it lives in."""

    server: Server
    history: History
    home: Path


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Shared by the tests of a worker: sessions keep them apart."""
    home = tmp_path_factory.mktemp("home")
    with server(FIRST_OPERATOR, str(home), HOLDING) as running:
        yield Place(running, History(home), home)
        assert " ERROR " not in running.logged(), running.logged()


@pytest.fixture
def http(place: Place) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=place.server.http, timeout=30) as opened:
        yield opened


@pytest.fixture(scope="session")
def operator(place: Place) -> Iterator[Operator]:
    with Operator(place.server.http) as signed_in:
        yield signed_in
