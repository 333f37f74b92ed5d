"""503: the page counts down to the time that the server names, and connects then by itself."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from email.utils import format_datetime

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.console.axe import violations
from tests.browser.console.driven import console
from tests.browser.console.proxy import Proxy, answer, path_of
from tests.processes import server
from tests.redis_server import private

DRAINING = '{"jsonrpc": "2.0", "id": null, "error": {"code": -32603, "message": "This server is being replaced"}}'


def in_seconds() -> str:
    return "300"


def as_date() -> str:
    """The other form of Retry-After (RFC 9110 section 10.2.3)."""
    return format_datetime(datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=300), usegmt=True)


@pytest.mark.parametrize("told", [in_seconds, as_date], ids=["seconds", "date"])
def test_the_page_waits_as_long_as_it_is_told(browser: Browser, between: Proxy, told: Callable[[], str]) -> None:
    def draining(head: str) -> str:
        if path_of(head) not in ("/sse", "/mcp"):
            return head
        return answer(
            "503 Service Unavailable", f"Retry-After: {told()}", "Content-Type: application/json", body=DRAINING
        )

    between.rule = draining
    with console(browser, between.address) as page:
        page.page.clock.install()
        page.page.goto("/")
        waiting = page.state("503")
        expect(waiting).to_contain_text("The server is not ready.")
        expect(waiting).to_contain_text("This server is being replaced")
        expect(waiting).to_contain_text(re.compile(r"Trying again in (300|2\d\d) s"))
        expect(page.page.locator("#connection")).to_have_text("Waiting")
        assert violations(page.page) == []
        between.rule = str
        page.page.clock.fast_forward("05:00")
        page.connected()
        expect(waiting).to_have_count(0)


def test_a_session_store_that_is_away_is_told_and_waited_for(browser: Browser) -> None:
    with private() as redis, server({"MCP_TRANSPORT": "http", "REDIS_URL": redis.url}) as running:
        redis.stop()
        with console(browser, running.http) as page:
            page.page.goto("/")
            waiting = page.state("503")
            expect(waiting).to_contain_text("The server is not ready.")
            expect(waiting).to_contain_text("Trying again in")
            redis.start()
            page.connected()
            expect(waiting).to_have_count(0)
