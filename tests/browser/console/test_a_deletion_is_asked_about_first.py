"""Nothing is destroyed by one click: the page asks once, with the name of the record."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.browser.console.driven import Console


def made(desk: Console, name: str) -> str:
    """The id of a new project."""
    desk.call("create_project", name=name)
    desk.tab("JSON")
    return str(json.loads(desk.answer.locator("pre:visible").inner_text())["id"])


def there(desk: Console, name: str) -> int:
    desk.call("get_projects", name=name)
    expect(desk.facts).to_be_visible()
    desk.tab("JSON")
    return len(json.loads(desk.answer.locator("pre:visible").inner_text())["items"])


def test_a_project_is_deleted_after_one_question(desk: Console) -> None:
    record = made(desk, "Short-lived")
    desk.call("delete_project", id=record)
    question = desk.page.get_by_role("dialog", name="This cannot be undone")
    expect(question).to_contain_text("Short-lived")
    question.get_by_role("button", name="Run delete_project").click()
    expect(desk.answer).to_contain_text("true")
    expect(desk.page.get_by_role("dialog")).to_have_count(0)
    assert there(desk, "Short-lived") == 0


def test_cancel_has_the_focus_and_escape_keeps_the_record(desk: Console) -> None:
    record = made(desk, "Long-lived")
    desk.call("delete_project", id=record)
    expect(desk.page.get_by_role("dialog").get_by_role("button", name="Cancel")).to_be_focused()
    desk.page.keyboard.press("Escape")
    expect(desk.page.get_by_role("dialog")).to_have_count(0)
    assert there(desk, "Long-lived") == 1
