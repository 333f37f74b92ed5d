"""The pages of the authorization server in a real Chromium: sign in, allow or not, look after what is connected."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import PHONE, Watched, watched
from tests.browser.console.axe import violations
from tests.oauth.knocking import knock
from tests.oauth.server.person import DEMO, OAuthClient

CALLBACK = "https://app.example.com/callback"


@pytest.fixture
def phone(browser: Browser, inside: str) -> Iterator[Watched]:
    with watched(browser, inside, PHONE) as opened:
        # The client's own page, which is somebody else's server.
        opened.page.route(f"{CALLBACK}*", lambda route: route.fulfill(body="Welcome back"))
        yield opened


@pytest.fixture
def client(inside: str) -> OAuthClient:
    return OAuthClient.registered(inside, client_name="Reporting tool", redirect_uris=[CALLBACK])


def sign_in(page: Page) -> None:
    """By keyboard, in the organization that is chosen already."""
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.keyboard.type(DEMO["email"])
    page.keyboard.press("Tab")
    page.keyboard.type(DEMO["password"])
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Go on").click()


def begin(page: Page, client: OAuthClient) -> None:
    """What a client does with a person who wants to connect it."""
    page.goto(f"/oauth/authorize?{urlencode(client.request())}")
    sign_in(page)
    expect(page.get_by_role("heading", name="Connect Reporting tool to Gauzy?")).to_be_visible()


def answered(page: Page) -> dict[str, str]:
    page.wait_for_url(f"{CALLBACK}*")
    return dict(httpx.URL(page.url).params)


def has_room(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_person_allows_less_and_disconnects_later(inside: str, client: OAuthClient, phone: Watched) -> None:
    page = phone.page
    begin(page, client)
    assert has_room(page)
    page.get_by_label("Change things in Gauzy as you").uncheck()
    page.get_by_role("button", name="Allow", exact=True).click()
    tokens = client.exchange(answered(page)["code"]).json()
    assert tokens["scope"] == "mcp.read"
    page.goto("/account")
    assert has_room(page)
    app = page.get_by_role("listitem").filter(has_text="Reporting tool").first
    expect(app).to_contain_text("app.example.com")
    expect(app).to_contain_text("May see.")
    app.get_by_role("button", name="Disconnect Reporting tool").click()
    expect(page.get_by_role("status")).to_have_text("Disconnected. It can do nothing in Gauzy any more.")
    with httpx.Client(base_url=inside, verify=False) as mcp:
        assert knock(mcp, tokens["access_token"]).status_code == 401


def test_a_person_does_not_allow(client: OAuthClient, phone: Watched) -> None:
    begin(phone.page, client)
    phone.page.get_by_role("button", name="Do not allow").click()
    told = answered(phone.page)
    assert told["error"] == "access_denied"
    assert "code" not in told


def test_a_token_is_made_used_and_deleted(inside: str, phone: Watched) -> None:
    page = phone.page
    page.goto("/account")
    sign_in(page)
    page.get_by_label("What is the new token for?").fill("Nightly report")
    page.get_by_label("It expires after").select_option("7")
    page.get_by_role("button", name="Make a token").click()
    assert has_room(page)
    page.locator("#token").click()
    token = page.evaluate("getSelection().toString()").strip()
    with httpx.Client(base_url=inside, verify=False) as mcp:
        assert knock(mcp, token).status_code == 200
        page.get_by_role("link", name="Back to connected apps").click()
        expect(page.get_by_text("Last used").first).to_be_visible()
        page.get_by_role("button", name="Delete the token Nightly report").first.click()
        expect(page.get_by_role("status")).to_contain_text("The token is deleted")
        assert knock(mcp, token).status_code == 401
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    assert phone.complaints == []


def test_a_wrong_password_is_announced(phone: Watched) -> None:
    page = phone.page
    page.goto("/oauth/sign-in")
    page.get_by_label("E-mail address").fill(DEMO["email"])
    page.get_by_label("Password").fill("not-this-one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("Gauzy did not accept this e-mail address and password.")
    expect(page.get_by_label("Password")).to_be_focused()
    assert page.title().startswith("Problem: ")
    assert has_room(page)


def test_everybody_can_use_every_page(browser: Browser, inside: str, client: OAuthClient) -> None:
    """WCAG 2.2 A and AA, as far as axe finds what is against them, in both colour schemes."""
    with watched(browser, inside, PHONE) as opened:
        page = opened.page
        page.goto(f"/oauth/authorize?{urlencode(client.request())}")
        found = violations(page)
        page.get_by_label("E-mail address").focus()
        page.keyboard.type(DEMO["email"])
        page.get_by_label("Password").fill(DEMO["password"])
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Which organization?")).to_be_visible()
        found += violations(page)
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("heading", name="Connect Reporting tool to Gauzy?")).to_be_visible()
        found += violations(page)
        page.goto("/account")
        page.get_by_label("What is the new token for?").fill("For axe")
        found += violations(page)
        page.get_by_role("button", name="Make a token").click()
        found += violations(page)
        page.goto("/oauth/sign-out")
        found += violations(page)
        page.goto("/oauth/authorize?client_id=nobody")
        found += violations(page)
        assert found == []
