"""The link page in a real Chromium: from a tool's answer to the code that completes the link, by mouse and keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import PHONE, Watched, watched
from tests.browser.conftest import Linking
from tests.oauth.knocking import DEMO, text_of


@pytest.fixture
def phone(browser: Browser, linking: Linking) -> Iterator[Watched]:
    with watched(browser, linking.address, PHONE) as opened:
        yield opened


def invitation(linking: Linking, token: str) -> str:
    """Where a tool's answer sends the person behind ``token``."""
    found = re.search(r"http://\S+/link\?ticket=\S+", text_of(linking.call(token, "get_projects")))
    assert found
    return found[0]


def has_room(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_person_signs_in_and_the_code_links_the_account(linking: Linking, phone: Watched) -> None:
    token = linking.token("pia")
    page = phone.page
    page.goto(invitation(linking, token))
    assert has_room(page)
    expect(page.get_by_role("heading", name="Link your Gauzy account")).to_be_visible()
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.keyboard.type(DEMO["email"])
    page.keyboard.press("Tab")
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type(DEMO["password"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="One step is left")).to_be_visible()
    assert has_room(page)
    code = page.locator(".code").inner_text()
    linked = linking.call(token, "link_account", {"code": code})
    assert linked["structuredContent"] == {"linked": True, "email": DEMO["email"]}
    assert phone.complaints == []
    page.reload()
    expect(page.get_by_role("heading", name="This address is used up")).to_be_visible()


def test_a_wrong_password_is_announced_where_the_person_is(linking: Linking, phone: Watched) -> None:
    page = phone.page
    page.goto(invitation(linking, linking.token("wim")))
    page.get_by_label("E-mail address").fill(DEMO["email"])
    page.get_by_label("Password").fill("not-this-one")
    page.get_by_role("button", name="Sign in to Gauzy").click()
    problem = page.get_by_role("alert")
    expect(problem).to_be_visible()
    assert page.title().startswith("Problem: ")
    expect(page.get_by_label("Password")).to_be_focused()
    expect(page.get_by_label("Password")).to_have_accessible_description(re.compile(re.escape(problem.inner_text())))
    expect(page.get_by_label("E-mail address")).to_have_value(DEMO["email"])
    assert has_room(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_contrast_in_both_colour_schemes(browser: Browser, linking: Linking, scheme: str) -> None:
    """WCAG 2.2, criterion 1.4.3: 4.5 to 1."""
    with watched(browser, linking.address) as opened:
        page = opened.page
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(invitation(linking, linking.token("cleo")))
        page.get_by_label("E-mail address").fill(DEMO["email"])
        page.get_by_label("Password").fill("not-this-one")
        page.get_by_role("button").click()
        expect(page.get_by_role("alert")).to_be_visible()
        weakest = page.evaluate(CONTRAST)
        assert weakest["ratio"] >= 4.5, weakest


CONTRAST = """() => {
  const parts = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const back = one => {
    for (; one; one = one.parentElement) {
      const colour = parts(getComputedStyle(one).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  let weakest = {ratio: 21};
  for (const one of document.querySelectorAll("body *")) {
    if (![...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
    const pair = [light(parts(getComputedStyle(one).color)), light(back(one))].sort((a, b) => b - a);
    const ratio = (pair[0] + .05) / (pair[1] + .05);
    if (ratio < weakest.ratio) weakest = {ratio, text: one.textContent.trim().slice(0, 40)};
  }
  return weakest;
}"""
"""The lowest contrast of any text of a page with what is behind it, and that text."""
