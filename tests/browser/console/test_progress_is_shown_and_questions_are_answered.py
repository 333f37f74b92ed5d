"""What a running call tells and asks: progress of bulk work, and a question of the server."""

from __future__ import annotations

import json

from playwright.sync_api import Browser, expect

from tests.browser.console.driven import Console, console
from tests.browser.console.proxy import Proxy

MANY = {"tasks": [{"title": f"Number {number}"} for number in range(40)]}

WATCH = """() => {
    const answer = document.querySelector("#answer");
    window.seen = [];
    const look = () => answer.querySelectorAll("progress[value]").forEach((bar) => seen.push(bar.value));
    new MutationObserver(look).observe(answer, { subtree: true, childList: true, attributes: true });
}"""
"""Keeps every position of the progress bar."""


def fill_in(desk: Console, arguments: object) -> None:
    desk.page.locator("#tool").get_by_role("button", name="JSON").click()
    desk.page.get_by_label("Arguments as JSON").fill(json.dumps(arguments))


def test_bulk_work_is_asked_about_and_shows_how_far_it_is(desk: Console) -> None:
    desk.choose("bulk_create_tasks")
    fill_in(desk, MANY)
    desk.page.evaluate(WATCH)
    desk.run()
    question = desk.page.get_by_role("dialog", name="The server asks")
    question.get_by_label("confirm").select_option("Yes")
    question.get_by_role("button", name="Send").click()
    expect(desk.answer.locator("td", has_text="40").first).to_be_visible()
    seen = desk.page.evaluate("window.seen")
    assert seen and seen == sorted(seen)


def test_a_declined_question_does_nothing(desk: Console) -> None:
    desk.choose("bulk_create_tasks")
    fill_in(desk, MANY)
    desk.run()
    desk.page.get_by_role("dialog").get_by_role("button", name="Decline").click()
    expect(desk.state("failed")).to_contain_text("did not confirm")
    desk.run()
    expect(desk.page.get_by_role("dialog")).to_be_visible()
    desk.page.keyboard.press("Escape")
    expect(desk.state("failed")).to_contain_text("did not confirm")


def test_a_question_goes_when_its_server_goes(browser: Browser, between: Proxy) -> None:
    with console(browser, between.address) as page:
        page.visit().choose("bulk_create_tasks")
        fill_in(page, MANY)
        page.run()
        expect(page.page.get_by_role("dialog")).to_be_visible()
        between.away()
        expect(page.page.get_by_role("dialog")).to_have_count(0)
        expect(page.state("lost")).to_contain_text("Whether it was done is unknown")
