"""While a call runs the page says so; a cancel reaches Gauzy, and a Gauzy that is away is told apart from a refusal."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.console.axe import violations
from tests.browser.console.driven import Console, console
from tests.browser.console.proxy import proxy
from tests.browser.console.upstream import Upstream, in_front_of, upstream

PATIENCE_SECONDS = 20


@pytest.fixture(scope="module")
def gauzy() -> Iterator[Upstream]:
    with upstream() as serving:
        yield serving


@pytest.fixture(scope="module")
def address(gauzy: Upstream) -> Iterator[str]:
    with in_front_of(gauzy.gauzy) as running:
        yield running.http


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Console]:
    with console(browser, address) as opened:
        yield opened.visit()


def test_it_is_cancelled_down_to_gauzy(gauzy: Upstream, page: Console) -> None:
    page.call("get_projects")
    assert gauzy.arrived.wait(PATIENCE_SECONDS)
    expect(page.state("running").get_by_role("progressbar")).to_be_visible()
    expect(page.button("Run")).to_be_disabled()
    assert violations(page.page) == []
    page.button("Cancel").click()
    expect(page.state("cancelled")).to_be_visible()
    expect(page.button("Run")).to_be_enabled()
    assert gauzy.gone.wait(PATIENCE_SECONDS)
    page.button("Log").click()
    expect(page.page.locator(".frames")).to_contain_text("notifications/cancelled")


def test_gauzy_away_is_told_as_that_and_the_call_can_be_run_again(gauzy: Upstream, page: Console) -> None:
    gauzy.away()
    page.call("get_employees")
    expect(page.state("upstream-down")).to_contain_text("Gauzy is away")
    assert violations(page.page) == []
    gauzy.back()
    patience = time.monotonic() + PATIENCE_SECONDS
    # After several failures in a row the server leaves Gauzy alone for a moment.
    while page.state("upstream-down").count():
        assert time.monotonic() < patience
        page.button("Run again").click()
        expect(page.button("Run")).to_be_enabled()


def test_one_that_loses_its_server_says_that_nobody_knows(browser: Browser, gauzy: Upstream, address: str) -> None:
    gauzy.arrived.clear()
    with proxy(address) as between, console(browser, between.address) as page:
        page.visit().call("get_projects")
        assert gauzy.arrived.wait(PATIENCE_SECONDS)
        between.away()
        expect(page.state("lost")).to_be_visible()
        expect(page.state("offline")).to_be_visible()
