from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.console.driven import Console, chromium, console
from tests.processes import Server, server


@pytest.fixture(scope="session")
def live() -> Iterator[Server]:
    """A server with the demo company, where nobody is authenticated."""
    with server({"MCP_TRANSPORT": "http"}) as running:
        yield running
    assert "Traceback" not in running.logged(), running.logged()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Not for the session: Playwright's loop would be in the way of tests that run one of their own.
    with chromium() as opened:
        yield opened


@pytest.fixture
def desk(browser: Browser, live: Server) -> Iterator[Console]:
    """The console on a desk, connected."""
    with console(browser, live.http) as opened:
        yield opened.visit()
        assert opened.foreign == []
