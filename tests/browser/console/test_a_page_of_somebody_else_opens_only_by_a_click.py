"""URL-mode elicitation: the button names the host of the page; nothing is opened or fetched before it is pressed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, WebSocketRoute, expect

from tests.browser.conftest import Linking
from tests.browser.console.axe import violations
from tests.browser.console.driven import Console, console
from tests.processes import Server

ASKED = "The server asks you to visit a page"


def question(page: Console) -> Locator:
    return page.page.get_by_role("dialog", name=ASKED)


@pytest.fixture
def page(browser: Browser, linking: Linking) -> Iterator[Console]:
    """Somebody who is signed in here and has no Gauzy account yet, with a call that needs one."""
    kept = json.dumps({"access_token": linking.token("lena"), "scope": "mcp.read"})
    with console(browser, linking.address) as opened:
        opened.page.add_init_script(f"sessionStorage.setItem('gauzy-tokens', {json.dumps(kept)})")
        opened.visit().call("get_projects")
        expect(question(opened)).to_be_visible()
        yield opened
        assert opened.foreign == []


def test_a_click_opens_it_in_a_tab_that_knows_nothing_of_this_one(page: Console, linking: Linking) -> None:
    asked: list[str] = []
    page.page.context.on("request", lambda request: asked.append(request.url))
    host = linking.address.removeprefix("http://")
    expect(question(page).locator("code")).to_contain_text(f"{linking.address}/link?ticket=")
    link = question(page).get_by_role("link", name=f"Open {host}", exact=True)
    expect(question(page).get_by_role("button", name="Decline")).to_be_focused()
    assert violations(page.page) == []
    assert [url for url in asked if "/link" in url] == [] and len(page.page.context.pages) == 1
    with page.page.context.expect_page() as opening:
        link.click()
    opened = opening.value
    expect(opened.get_by_role("heading", name="Link your Gauzy account")).to_be_visible()
    assert opened.evaluate("[window.opener, document.referrer]") == [None, ""]
    expect(question(page)).to_have_count(0)
    expect(page.state("failed")).to_contain_text("link_account")


@pytest.mark.parametrize("by", ["button", "Escape"])
def test_it_can_be_declined(page: Console, by: str) -> None:
    if by == "button":
        question(page).get_by_role("button", name="Decline").click()
    else:
        page.page.keyboard.press(by)
    expect(question(page)).to_have_count(0)
    expect(page.state("failed")).to_contain_text("/link?ticket=")
    assert len(page.page.context.pages) == 1


def ask(page: Console, url: str) -> None:
    """Has the server ask for a visit to ``url``."""
    sockets: list[WebSocketRoute] = []

    def pass_on(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    page.page.route_web_socket("**", pass_on)
    page.visit()
    params = {"mode": "url", "message": "Please look", "url": url, "elicitationId": "e"}
    sockets[0].send(json.dumps({"jsonrpc": "2.0", "id": "visit", "method": "elicitation/create", "params": params}))


def answered(page: Console, action: str) -> None:
    page.button("Log").click()
    sent = page.page.locator(".frames li", has=page.page.locator(".way.out")).filter(has_text="result #visit")
    sent.locator("summary").click()
    expect(sent.locator("pre")).to_contain_text(f'"action": "{action}"')


@pytest.mark.parametrize("url", ["javascript:alert(1)", "no address"])
def test_what_is_no_page_of_the_web_is_declined(browser: Browser, live: Server, url: str) -> None:
    with console(browser, live.http) as page:
        ask(page, url)
        answered(page, "decline")
        expect(page.page.get_by_role("dialog")).to_have_count(0)


def test_a_name_before_the_host_deceives_nobody(browser: Browser, live: Server) -> None:
    with console(browser, live.http) as page:
        ask(page, "https://gauzy.co@evil.example/gauzy.co?next=https://gauzy.co")
        expect(question(page).get_by_role("link")).to_have_text("Open evil.example")
        question(page).get_by_role("button", name="Decline").click()
        answered(page, "decline")
