from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import launched
from tests.browser.console.driven import PATIENCE_MILLISECONDS, Console, console
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Not for the session: Playwright's loop would be in the way of tests that run one of their own.
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with launched() as opened:
        yield opened


@pytest.fixture
def desk(browser: Browser, live: Server) -> Iterator[Console]:
    """The console on a desk, connected."""
    with console(browser, live.http) as opened:
        yield opened.visit()
        assert opened.foreign == []
