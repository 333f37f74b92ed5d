"""A proxy that lets HTTP through and no WebSocket: the page says what to do about it, and goes on trying."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.console.axe import violations
from tests.browser.console.driven import Console, console
from tests.browser.console.proxy import Proxy, answer, is_upgrade


def without_upgrade(head: str) -> str:
    """What a proxy of HTTP/1.0 makes of an upgrade: an ordinary GET."""
    return "\r\n".join(line for line in head.split("\r\n") if not line.lower().startswith(("upgrade:", "connection:")))


def kept(head: str) -> str | None:
    return None if is_upgrade(head) else head


def told(page: Console, between: Proxy) -> None:
    """Waits until the page says what is to be done."""
    blocked = page.state("blocked")
    expect(blocked).to_contain_text("headers Upgrade and Connection")
    expect(blocked).to_contain_text(f"add {between.address} to MCP_WS_ALLOWED_ORIGINS")
    expect(blocked).to_contain_text("Trying again in")
    expect(page.page.locator("#connection")).to_have_text("Offline")


def test_the_page_says_what_the_proxy_must_do_and_connects_by_itself(browser: Browser, between: Proxy) -> None:
    between.rule = without_upgrade
    with console(browser, between.address) as page:
        page.page.goto("/")
        told(page, between)
        between.rule = str
        page.connected()
        expect(page.state("blocked")).to_have_count(0)


def test_an_upgrade_that_nobody_answers_is_given_up(browser: Browser, between: Proxy) -> None:
    between.rule = kept
    with console(browser, between.address) as page:
        page.page.clock.install()
        with page.page.expect_websocket():
            page.page.goto("/")
        page.page.clock.fast_forward("00:10")
        told(page, between)
        assert violations(page.page) == []
        between.rule = str
        page.button("Try now").click()
        page.connected()


def test_a_proxy_without_its_server_is_not_taken_for_the_server(browser: Browser, between: Proxy) -> None:
    with console(browser, between.address) as page:
        page.visit()
        between.rule = lambda head: answer("502 Bad Gateway")
        between.cut()
        expect(page.state("offline")).to_contain_text("A proxy in front of it answers 502")
        between.rule = str
        page.button("Try now").click()
        page.connected()
