"""Offline and back: the page says so, keeps what was entered, and connects again by itself."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.console.axe import violations
from tests.browser.console.driven import Console, console
from tests.browser.console.proxy import Proxy
from tests.operations.operators import Operator
from tests.operations.places import History
from tests.processes import Server


def test_what_was_entered_stays_until_the_server_is_back(browser: Browser, between: Proxy) -> None:
    with console(browser, between.address) as page:
        page.visit().choose("create_task")
        page.enter("title", "Half written")
        between.away()
        expect(page.state("offline")).to_contain_text("The server is away")
        expect(page.page.locator("#connection")).to_have_text("Offline")
        page.run()
        expect(page.state("lost")).to_contain_text("look before you run it again")
        assert violations(page.page) == []
        between.back()
        page.button("Try now").click()
        page.connected()
        expect(page.state("offline")).to_have_count(0)
        expect(page.argument("title")).to_have_value("Half written")
        page.run()
        expect(page.facts).to_be_visible()


def test_a_session_that_an_operator_ended_is_not_opened_again_by_itself(
    desk: Console, live: Server, home: Path
) -> None:
    desk.call("get_session_info")
    desk.tab("JSON")
    uid = str(json.loads(desk.answer.locator("pre:visible").inner_text())["session"])
    History(home).session(uid)
    with Operator(live.http) as operator:
        operator.terminate(uid)
    expect(desk.state("ended")).to_contain_text("An operator ended it")
    desk.button("Connect again").click()
    desk.connected()
    expect(desk.state("ended")).to_have_count(0)
