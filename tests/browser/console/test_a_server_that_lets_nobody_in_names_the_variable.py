"""403 for the host or the origin of a page: the variable that mends it stands on the page."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.browser.console.axe import violations
from tests.browser.console.driven import console
from tests.browser.console.proxy import Proxy, answer, path_of


def with_host(head: str, name: str) -> str:
    return re.sub(r"(?im)^host: .*?\r$", f"Host: {name}\r", head, count=1)


def test_a_host_that_is_not_allowed_is_named_with_its_variable(browser: Browser, between: Proxy) -> None:
    between.rule = lambda head: with_host(head, "mcp.example.com") if path_of(head) in ("/sse", "/mcp") else head
    with console(browser, between.address) as page:
        page.page.goto("/")
        refused = page.state("403")
        expect(refused).to_contain_text("Unauthorized host: 'mcp.example.com'. Add the name to MCP_ALLOWED_HOSTS.")
        expect(page.page.locator("#connection")).to_have_text("Not let in")
        assert violations(page.page) == []
        between.rule = str
        page.button("Try again").click()
        page.connected()
        expect(refused).to_have_count(0)


def test_an_origin_that_a_proxy_made_a_foreign_one_is_named_with_its_variable(browser: Browser, between: Proxy) -> None:
    between.rule = lambda head: with_host(head, "localhost:1")
    with console(browser, between.address) as page:
        page.page.goto("/")
        told = f"Unauthorized origin: '{between.address}'. Add it to MCP_CORS_ORIGIN."
        expect(page.state("403")).to_contain_text(told)


def test_a_refusal_without_a_reason_is_said_to_be_one(browser: Browser, between: Proxy) -> None:
    between.rule = lambda head: answer("403 Forbidden") if path_of(head) in ("/sse", "/mcp") else head
    with console(browser, between.address) as page:
        page.page.goto("/")
        expect(page.state("403")).to_contain_text("It answers 403 without a reason")
