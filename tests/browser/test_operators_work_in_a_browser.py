"""The admin in a real Chromium: on a phone where it must fit, else on a desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.browser.chromium import DESKTOP, PHONE, Watched, watched
from tests.browser.conftest import CALLS, FAILED, Scene, at_work, sign_in
from tests.operations.operators import NAME
from tests.operations.sockets import closing, initialize, name_of, socket

SESSIONS = "/admin/operations/sessionrecord/"


@pytest.fixture
def desk(browser: Browser, scene: Scene, operator: StorageState) -> Iterator[Watched]:
    yield from at_work(browser, scene, DESKTOP, operator)


@pytest.fixture
def phone(browser: Browser, scene: Scene, operator: StorageState) -> Iterator[Watched]:
    yield from at_work(browser, scene, PHONE, operator)


def test_the_overview_has_numbers_a_chart_and_the_tools(scene: Scene, phone: Watched) -> None:
    page = phone.page
    for title in ("Live sessions", "Calls running", "Mean duration"):
        expect(page.locator("#numbers").get_by_text(title)).to_be_visible()
    counts = page.evaluate("Chart.getChart(document.querySelector('canvas.chart')).data.datasets.map(s => s.data)")
    well, badly = (sum(counted) for counted in counts)
    assert well >= CALLS - FAILED
    assert badly >= FAILED
    row = page.locator("table tr", has=page.get_by_text("get_project", exact=True))
    assert [int(text.split()[0]) for text in row.locator("td").all_inner_texts()[1:3]] == [FAILED, FAILED]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it fits the screen"


def test_the_numbers_follow_without_a_reload(scene: Scene, desk: Watched) -> None:
    live = desk.page.locator("#numbers a").first
    before = int(live.locator(".text-2xl").inner_text())
    with socket(scene.server.ws) as connected:
        scene.history.session(name_of(connected))
        expect(live.locator(".text-2xl")).to_have_text(str(before + 1), timeout=20_000)


def test_a_session_is_found_by_filter_and_search(scene: Scene, idle: str, desk: Watched) -> None:
    page = desk.page
    page.goto(SESSIONS)
    rows = page.locator("#result_list tbody tr")
    expect(page.get_by_text(idle)).to_be_visible()
    page.locator("a", has_text="Filters").or_(page.locator("button", has_text="Filters")).first.click()
    page.get_by_role("link", name="websocket", exact=True).click()
    page.wait_for_url("**transport=websocket*")
    expect(page.get_by_text(idle)).to_be_visible()
    expect(page.get_by_text(scene.uid)).to_have_count(0)
    page.goto(SESSIONS)
    page.locator("#searchbar").fill(scene.uid)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**q={scene.uid}*")
    expect(page.get_by_text(scene.uid)).to_be_visible()
    assert rows.count() == 1
    assert page.get_by_text(idle).count() == 0


def test_a_session_shows_who_it_is_and_its_calls(scene: Scene, phone: Watched) -> None:
    page = phone.page
    page.goto(SESSIONS)
    page.get_by_role("link", name=scene.uid).click()
    expect(page.get_by_text("demo@gauzy.local")).to_be_visible()
    expect(page.get_by_text("Timeline of calls")).to_be_visible()
    tools = page.locator("#timeline-group .field-tool").all_inner_texts()
    assert sum("get_project" in text for text in tools) == CALLS - 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it fits the screen"


def test_a_session_is_terminated_after_a_question(scene: Scene, desk: Watched) -> None:
    page = desk.page
    with socket(scene.server.ws) as connected:
        initialize(connected)
        name = name_of(connected)
        scene.history.session(name)
        page.goto(f"{SESSIONS}{name}/change/")
        page.goto(page.locator("a[href$='/terminate/']").first.get_attribute("href") or "")
        page.get_by_role("button", name="Terminate").click()
        expect(page.get_by_text("1 session terminated.")).to_be_visible()
        assert closing(connected) == 4001
    expect(page.get_by_text("terminated", exact=True)).to_be_visible()
    assert scene.history.session(name, state="terminated")


def test_chosen_sessions_are_terminated_from_the_list(scene: Scene, desk: Watched) -> None:
    page = desk.page
    with socket(scene.server.ws) as connected:
        name = name_of(connected)
        scene.history.session(name)
        page.goto(f"{SESSIONS}?q={name}")
        page.locator("#result_list tbody input.action-select").first.check()
        page.locator("select[name=action]").select_option("terminate_chosen")
        page.get_by_role("button", name="Run", exact=True).click()
        expect(page.get_by_text("1 session terminated.")).to_be_visible()
        assert closing(connected) == 4001


def test_calls_and_the_rest_page_open(scene: Scene, desk: Watched) -> None:
    page = desk.page
    page.goto("/admin/operations/callrecord/")
    expect(page.get_by_text("get_projects").first).to_be_visible()
    page.goto("/api/docs")
    expect(page.get_by_text("/sse/session/{session_id}").first).to_be_visible()


def test_signing_out_ends_it(browser: Browser, scene: Scene) -> None:
    with watched(browser, scene.server.http) as opened:
        page = opened.page
        sign_in(page)
        page.get_by_text(NAME).last.click()
        page.get_by_role("button", name="Log out").or_(page.get_by_role("link", name="Log out")).first.click()
        page.wait_for_load_state("networkidle")
        page.goto(SESSIONS)
        assert "/admin/login/" in page.url
        assert opened.complaints == []
