"""No accessibility rule is broken in light and dark, on a desk and on a phone, in any view."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import PHONE
from tests.browser.console.axe import violations, violations_of_layout
from tests.browser.console.driven import Console, console
from tests.processes import Server


def nothing_open(page: Console) -> None:
    expect(page.page.locator(".item").first).to_be_attached()


def a_form(page: Console) -> None:
    page.choose("update_project")


def a_form_with_problems(page: Console) -> None:
    page.choose("bulk_create_tasks")
    page.button("Add task").click()
    page.run()
    expect(page.page.locator("#tool [aria-invalid]").first).to_be_visible()


def names_to_choose(page: Console) -> None:
    page.choose("get_tasks")
    page.argument("projectId").click()
    expect(page.page.get_by_role("option", name="Apollo")).to_be_visible()


def a_table(page: Console) -> None:
    page.call("get_projects")
    expect(page.facts).to_be_visible()


def a_refusal(page: Console) -> None:
    page.call("login", email="nobody@example.com", password="wrong")
    expect(page.state("failed")).to_be_visible()


def the_log(page: Console) -> None:
    page.button("Log").click()
    page.page.locator(".frames summary").first.click()


def the_history(page: Console) -> None:
    page.call("get_projects")
    page.button("History").click()


def a_question(page: Console) -> None:
    page.call("delete_project", id="00000000-0000-4000-8000-000000000000")
    expect(page.page.get_by_role("dialog")).to_be_visible()


def other_clients(page: Console) -> None:
    page.button("Connect a client").click()


View = Callable[[Console], None]
ANYWHERE: list[View] = [nothing_open, a_form_with_problems, names_to_choose, a_table, the_history, a_question]
ON_A_DESK: list[View] = [*ANYWHERE, a_form, a_refusal, the_log, other_clients]


@pytest.fixture
def phone(browser: Browser, live: Server) -> Iterator[Console]:
    with console(browser, live.http, PHONE) as opened:
        yield opened.visit()


def fits(page: Console) -> bool:
    return bool(page.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("view", ON_A_DESK, ids=lambda view: view.__name__)
def test_no_rule_is_broken_on_a_desk(desk: Console, view: View) -> None:
    view(desk)
    assert violations(desk.page) == []
    assert fits(desk)


@pytest.mark.parametrize("view", ANYWHERE, ids=lambda view: view.__name__)
def test_a_phone_has_room_for_everything(phone: Console, view: View) -> None:
    view(phone)
    assert violations_of_layout(phone.page) == []
    assert fits(phone)
