"""Under OAuth: signing in at another authorization server, what the tab keeps, and the ways in which it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.console.axe import violations
from tests.browser.console.driven import Console, console
from tests.oauth.conftest import oauth_modules  # noqa: F401 - a fixture
from tests.oauth.peer import Peer, authorization_server, free_port
from tests.processes import server

EVERYTHING_KEPT = "JSON.stringify([location.href, localStorage, document.cookie, document.body.innerText])"


@dataclass(frozen=True)
class Site:
    """A server that trusts ``peer``, at the address that tokens are for."""

    address: str
    peer: Peer


@pytest.fixture(scope="module")
def site(oauth_modules: Path) -> Iterator[Site]:  # noqa: F811
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with authorization_server(oauth_modules, address) as peer:
        own = {"MCP_HTTP_PORT": str(port), "MCP_TRANSPORT": "http", "MCP_CONSOLE_CLIENT_ID": "console"}
        with server(peer.environment(address, **own)):
            yield Site(address, peer)


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Console]:
    with console(browser, site.address) as opened:
        yield opened
        assert {urlsplit(url).netloc for url in opened.foreign} <= {urlsplit(site.peer.issuer).netloc}


def signed_in(page: Console, *, writes: bool = False) -> Console:
    page.page.goto("/")
    expect(page.state("signed-out")).to_be_visible()
    if writes:
        page.page.get_by_label("Also let this page change data").check()
    page.state("signed-out").get_by_role("button", name="Sign in").click()
    page.connected()
    return page


def token(page: Console) -> str:
    return str(page.page.evaluate("JSON.parse(sessionStorage.getItem('gauzy-tokens')).access_token"))


def test_who_is_signed_out_is_told_how_to_sign_in(page: Console) -> None:
    page.page.goto("/")
    expect(page.state("signed-out")).to_contain_text("Sign in to use the tools")
    expect(page.page.locator("#connection")).to_have_text("Signed out")
    assert violations(page.page) == []


def test_a_person_signs_in_calls_and_signs_out(page: Console) -> None:
    asked: list[str] = []
    page.page.on("request", lambda request: asked.append(request.url))
    signed_in(page)
    request = next(parse_qs(urlsplit(url).query) for url in asked if "code_challenge=" in url)
    assert (request["code_challenge_method"], request["scope"]) == (["S256"], ["mcp.read"])
    page.call("get_projects")
    expect(page.facts).to_be_visible()
    secret = token(page)
    assert not any(secret in url for url in asked)
    page.button("Log").click()
    assert secret not in page.page.evaluate(EVERYTHING_KEPT)
    assert urlsplit(page.page.url).query == ""
    page.page.reload()
    page.connected()
    page.button("Sign out").click()
    expect(page.state("signed-out")).to_be_visible()
    assert secret not in page.page.evaluate("JSON.stringify(sessionStorage)")


def test_more_is_asked_for_when_it_is_needed_and_the_draft_is_kept(page: Console) -> None:
    signed_in(page)
    expect(page.page.locator("#tools .foot")).to_contain_text("more tools change data")
    page.choose("call_tool")
    page.enter("name", "create_project")
    page.enter("arguments", '{"name": "From the console"}')
    page.run()
    page.button("Run call_tool").click()
    denied = page.state("403")
    expect(denied).to_contain_text("Your sign-in does not reach this far")
    assert violations(page.page) == []
    denied.get_by_role("button", name="Sign in with").click()
    expect(page.argument("name")).to_have_value("create_project")
    page.run()
    page.button("Run call_tool").click()
    expect(page.facts).to_be_visible()


def test_a_step_up_that_is_not_allowed_leaves_the_sign_in_as_it_was(page: Console, site: Site) -> None:
    signed_in(page).choose("get_projects")
    page.enter("name", "half written")
    before = token(page)
    page.page.route(f"{site.peer.issuer}/auth**", lambda route: route.abort())
    with page.page.expect_request(lambda request: "code_challenge=" in request.url) as asked:
        page.button("Sign in for them").click()
    state = parse_qs(urlsplit(asked.value.url).query)["state"][0]
    page.page.goto(f"/?error=access_denied&state={state}&iss={site.peer.issuer}")
    expect(page.page.get_by_role("dialog")).to_contain_text("You did not allow it")
    page.page.keyboard.press("Escape")
    page.connected()
    expect(page.argument("name")).to_have_value("half written")
    assert token(page) == before


def test_a_sign_in_that_the_server_takes_back_ends_in_the_open(page: Console, site: Site) -> None:
    signed_in(page, writes=True)
    page.choose("create_project")
    page.page.evaluate(
        """() => {
            const kept = JSON.parse(sessionStorage.getItem("gauzy-tokens"));
            delete kept.refresh_token;
            sessionStorage.setItem("gauzy-tokens", JSON.stringify({ ...kept, access_token: "no-token-of-anybody" }));
        }"""
    )
    page.page.reload()
    ended = page.state("401")
    expect(ended).to_contain_text("Your sign-in has ended")
    assert violations(page.page) == []
    ended.get_by_role("button", name="Sign in again").click()
    page.connected()
    expect(page.page.locator("#tool .name code")).to_have_text("create_project")


def test_a_token_that_ran_out_is_renewed_without_a_word(page: Console) -> None:
    signed_in(page)
    before = token(page)
    page.page.evaluate(
        """() => {
            const kept = JSON.parse(sessionStorage.getItem("gauzy-tokens"));
            sessionStorage.setItem("gauzy-tokens", JSON.stringify({ ...kept, access_token: "run-out" }));
        }"""
    )
    page.page.reload()
    page.connected()
    assert token(page) not in (before, "run-out")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("/?code=stolen&state=guessed", "belongs to no sign-in"),
        ("/?error=access_denied&state=guessed", "belongs to no sign-in"),
    ],
)
def test_an_answer_that_nobody_asked_for_signs_nobody_in(page: Console, answer: str, told: str) -> None:
    page.page.goto(answer)
    expect(page.state("signed-out")).to_contain_text(told)
    assert urlsplit(page.page.url).query == ""


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("error=access_denied&iss={issuer}", "You did not allow it"),
        ("code=mixed-up&iss=https://evil.example.com", "Another server answered"),
        ("code=mixed-up", "Another server answered"),
    ],
)
def test_the_answer_must_be_of_the_server_that_was_asked(page: Console, site: Site, answer: str, told: str) -> None:
    page.page.goto("/")
    page.page.route(f"{site.peer.issuer}/auth**", lambda route: route.abort())
    with page.page.expect_request(lambda request: "code_challenge=" in request.url) as asked:
        page.state("signed-out").get_by_role("button", name="Sign in").click()
    state = parse_qs(urlsplit(asked.value.url).query)["state"][0]
    page.page.goto(f"/?state={state}&{answer.format(issuer=site.peer.issuer)}")
    expect(page.state("signed-out")).to_contain_text(told)
