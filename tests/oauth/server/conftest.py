from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.oauth.server.person import Person
from tests.oauth.server.places import Pair, embedded, two_processes
from tests.operations.operators import FIRST_OPERATOR
from tests.processes import Server


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where :func:`place` keeps its data."""
    return tmp_path_factory.mktemp("embedded")


@pytest.fixture(scope="session")
def place(home: Path) -> Iterator[Server]:
    """One server with the embedded authorization server, the embedded Gauzy and an operator."""
    with embedded(str(home), **FIRST_OPERATOR) as running:
        yield running
    assert "Traceback" not in running.logged(), running.logged()


@pytest.fixture(scope="session")
def pair() -> Iterator[Pair]:
    """Two processes of one server, with an operator."""
    with two_processes(**FIRST_OPERATOR) as running:
        yield running
        for one in running.both:
            assert "Traceback" not in one.logged(), one.logged()


@pytest.fixture
def stranger(place: Server) -> Iterator[Person]:
    """Somebody's browser, before any sign-in."""
    with Person(place) as opened:
        yield opened


@pytest.fixture
def person(place: Server) -> Iterator[Person]:
    """The demo user in a browser of their own, signed in."""
    with Person(place) as opened:
        opened.sign_in()
        yield opened
