"""With the embedded authorization server: the page is a client of its own server, and the sign-in is Gauzy's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.console.driven import Console, console
from tests.oauth.server.person import DEMO


@pytest.fixture
def page(browser: Browser, inside: str) -> Iterator[Console]:
    with console(browser, inside) as opened:
        opened.page.goto("/")
        opened.state("signed-out").get_by_role("button", name="Sign in").click()
        opened.page.get_by_label("E-mail").fill(DEMO["email"])
        opened.page.get_by_label("Password").fill(DEMO["password"])
        opened.page.keyboard.press("Enter")
        opened.button("Go on").click()
        yield opened
        assert opened.foreign == []


def test_a_person_allows_the_page_and_works_in_gauzy_as_themselves(page: Console) -> None:
    expect(page.page.get_by_text("Gauzy MCP console").first).to_be_visible()
    expect(page.page.get_by_text("Part of this server")).to_be_visible()
    page.button("Allow").click()
    page.connected()
    expect(page.page.locator("#account")).to_have_text("Alex Morgan")
    page.call("get_projects")
    expect(page.facts).to_be_visible()


def test_a_person_who_does_not_allow_it_is_signed_out(page: Console) -> None:
    page.button("Do not allow").click()
    expect(page.state("signed-out")).to_contain_text("You did not allow it")
