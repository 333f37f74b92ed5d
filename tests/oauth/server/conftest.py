from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.oauth.server.person import Person
from tests.oauth.server.places import embedded
from tests.processes import Server


@pytest.fixture(scope="session")
def place() -> Iterator[Server]:
    """One server with the embedded authorization server and the embedded Gauzy."""
    with embedded() as running:
        yield running
    assert "Traceback" not in running.logged(), running.logged()


@pytest.fixture
def person(place: Server) -> Iterator[Person]:
    """The demo user in a browser of their own, signed in."""
    with Person(place) as opened:
        opened.sign_in()
        yield opened
