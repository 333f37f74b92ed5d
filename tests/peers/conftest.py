from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.peers import environments
from tests.peers.driven import Driven, node_client, python_client
from tests.processes import Server, server
from tests.requirements import absent, need


@pytest.fixture(scope="session")
def live() -> Iterator[Server]:
    """One server with the embedded Gauzy, shared by the tests of a worker. Whatever they send, its log stays clean."""
    with server() as running:
        yield running
    assert "Traceback" not in running.logged(), running.logged()


@pytest.fixture(scope="session")
def node_modules() -> Path:
    need("node")
    return _installed("node", environments.node_modules)


@pytest.fixture(scope="session")
def python_v1() -> Path:
    return _installed("pip", environments.python_v1)


@pytest.fixture(params=["python", "node"])
def v1(request: pytest.FixtureRequest) -> Callable[[Sequence[str]], Driven]:
    """Connects a v1 client of either language: to a URL, or to the command of a stdio server."""
    if request.param == "python":
        interpreter = request.getfixturevalue("python_v1")
        return lambda where: python_client(interpreter, where)
    modules = request.getfixturevalue("node_modules")
    return lambda where: node_client(modules, where)


def _installed(part: str, install: Callable[[], Path]) -> Path:
    try:
        return install()
    except environments.InstallFailed as error:
        absent(part, str(error))
