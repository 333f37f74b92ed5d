"""A server that asks to wait, and answers that are cut to fit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.console.axe import violations
from tests.browser.console.driven import Console, console
from tests.processes import server

SMALL = {"MCP_MAX_REPLY_TOKENS": "600", "MCP_TRANSPORT": "http"}
FEW = {"THROTTLE_ENABLED": "true", "THROTTLE_LIMIT": "12", "THROTTLE_TTL": "4000"}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with server({**SMALL, **FEW}) as running:
        yield running.http


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Console]:
    with console(browser, address) as opened:
        yield opened.visit()


def test_an_answer_that_was_cut_says_so_and_goes_on_page_by_page(page: Console) -> None:
    page.call("get_employees")
    cut = page.state("truncated")
    expect(cut).to_contain_text("This answer was cut to fit")
    assert violations(page.page) == []
    cut.get_by_role("button", name="Ask page by page").click()
    expect(page.state("truncated")).to_have_count(0)
    expect(page.button("Next page")).to_be_visible()


def test_too_many_requests_are_waited_for(page: Console) -> None:
    page.choose("get_server_info")
    wait = page.state("429").last
    for _ in range(int(FEW["THROTTLE_LIMIT"]) + 1):
        page.run()
        expect(page.facts.or_(wait)).to_be_visible()
        if wait.is_visible():
            break
    expect(wait).to_contain_text("You can run it again")
    expect(page.button("Run")).to_be_disabled()
    expect(page.button("Run")).to_be_enabled()
    page.run()
    expect(page.facts).to_be_visible()
