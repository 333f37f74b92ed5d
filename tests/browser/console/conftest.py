from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.console.driven import Console, console
from tests.browser.console.proxy import Proxy, proxy
from tests.operations.operators import FIRST_OPERATOR
from tests.processes import Server, server


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where :func:`live` keeps its history."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def live(home: Path) -> Iterator[Server]:
    """A server with the demo company and an operator, where nobody is authenticated."""
    with server({"MCP_TRANSPORT": "http", **FIRST_OPERATOR}, str(home)) as running:
        yield running
    assert "Traceback" not in running.logged(), running.logged()


@pytest.fixture
def desk(browser: Browser, live: Server) -> Iterator[Console]:
    """The console on a desk, connected."""
    with console(browser, live.http) as opened:
        yield opened.visit()
        assert opened.foreign == []


@pytest.fixture
def between(live: Server) -> Iterator[Proxy]:
    """A proxy in front of the server."""
    with proxy(live.http) as passing:
        yield passing
