"""Offline and back: the page says so, keeps what was entered, and connects again by itself."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.console.axe import violations
from tests.browser.console.driven import Console, console
from tests.browser.console.upstream import in_front_of, upstream
from tests.operations.operators import Operator
from tests.operations.places import History
from tests.processes import Server, server


def test_what_was_entered_stays_until_the_server_is_back(browser: Browser) -> None:
    with server({"MCP_TRANSPORT": "http"}) as first, console(browser, first.http) as page:
        port = first.http.rpartition(":")[2]
        page.visit().choose("create_task")
        page.enter("title", "Half written")
        first.process.terminate()
        first.process.wait(30)
        expect(page.state("offline")).to_contain_text("The server is away")
        expect(page.page.locator("#connection")).to_have_text("Offline")
        page.run()
        expect(page.state("lost")).to_contain_text("look before you run it again")
        assert violations(page.page) == []
        with server({"MCP_TRANSPORT": "http", "MCP_HTTP_PORT": port}):
            page.button("Try now").click()
            page.connected()
            expect(page.state("offline")).to_have_count(0)
            expect(page.argument("title")).to_have_value("Half written")
            page.run()
            expect(page.facts).to_be_visible()


def test_a_call_that_loses_its_server_says_that_nobody_knows(browser: Browser) -> None:
    with upstream() as gauzy, in_front_of(gauzy.gauzy) as running, console(browser, running.http) as page:
        page.visit().call("get_projects")
        assert gauzy.arrived.wait(20)
        running.process.kill()
        expect(page.state("lost")).to_be_visible()
        expect(page.state("offline")).to_be_visible()


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
