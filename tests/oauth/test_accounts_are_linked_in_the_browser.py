"""Per-user identity: the link page, its one-time address, and the code that only the right client can use."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.oauth.knocking import DEMO, ask, call, opened, text_of
from tests.oauth.stand_in import StandIn
from tests.processes import Server
from tests.transports.calls import REVISION, envelope, message


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def each(issuer: StandIn, request: pytest.FixtureRequest) -> Iterator[tuple[Server, httpx.Client]]:
    """A server where every caller has an account of their own: the default under OAuth."""
    environment = issuer.environment()
    del environment["GAUZY_IDENTITY_MODE"]
    if request.param == "postgresql":
        environment["DATABASE_URL"] = request.getfixturevalue("postgres_url")
    with opened(environment) as (running, client):
        yield running, client
        assert "Traceback" not in running.logged(), running.logged()


def address_in(text: str) -> str:
    """The path and query of the link page that an answer tells."""
    found = re.search(r"https://mcp\.example\.com(/link\?ticket=\S+)", text)
    assert found, text
    return found[1]


@contextlib.contextmanager
def visit(running: Server, address: str) -> Iterator[tuple[httpx.Client, httpx.Response]]:
    """A browser of its own at the page."""
    with httpx.Client(base_url=running.http, timeout=30) as browser:
        yield browser, browser.get(address)


def status_at(running: Server, address: str) -> int:
    with visit(running, address) as (_, page):
        return page.status_code


def submit(browser: httpx.Client, page: httpx.Response, **form: str) -> httpx.Response:
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    return browser.post("/link", data={**hidden, **form})


def sign_in(running: Server, address: str, **form: str) -> str:
    """The code that a whole visit ends with."""
    with visit(running, address) as (browser, page):
        assert page.status_code == 200, page.text
        done = submit(browser, page, **(form or DEMO))
        assert done.status_code == 200, done.text
        found = re.search(r'<p class="code">([A-Z0-9-]+)</p>', done.text)
        assert found
        return found[1]


def invited(client: httpx.Client, token: str) -> str:
    result = call(client, token, "get_projects")
    assert result["isError"] is True
    return address_in(text_of(result))


def test_a_caller_links_an_account_and_works_with_it(each: tuple[Server, httpx.Client], issuer: StandIn) -> None:
    running, client = each
    token = issuer.token(sub="ann")
    code = sign_in(running, invited(client, token))
    linked = call(client, token, "link_account", {"code": code})
    assert linked["structuredContent"] == {"linked": True, "email": DEMO["email"]}
    assert not call(client, token, "get_projects").get("isError")
    assert call(client, issuer.token(sub="ann", client_id="other"), "get_auth_status")["structuredContent"][
        "authenticated"
    ], "the account is the person's, whichever client she uses"
    assert "link completed subject=ann" in running.logged()
    assert call(client, token, "unlink_account")["structuredContent"] == {"unlinked": True}
    assert call(client, token, "unlink_account")["structuredContent"] == {"unlinked": False}
    assert "link removed subject=ann" in running.logged()
    assert call(client, token, "get_projects")["isError"] is True


def test_group_58_nobody_falls_back_to_the_configured_account(
    each: tuple[Server, httpx.Client], issuer: StandIn
) -> None:
    """The embedded company has an account that is configured; without OAuth everybody acts as that."""
    _, client = each
    token = issuer.token(sub="nobody-yet")
    for name in ("get_projects", "get_current_user", "refresh_auth_token"):
        assert call(client, token, name)["isError"] is True
    assert call(client, token, "get_auth_status")["structuredContent"]["authenticated"] is False
    assert "/link?ticket=" in text_of(call(client, token, "login")), "login without words is no way round"
    read = ask(client, "resources/read", {"uri": "gauzy://task/00000000-0000-4000-8000-000000000000"}, token=token)
    assert "/link?ticket=" in read.json()["error"]["message"]


def test_the_code_is_for_the_client_of_the_address_alone(each: tuple[Server, httpx.Client], issuer: StandIn) -> None:
    """Mallory sends Vera his own address. She signs in, and only she knows the code, which is no good to her client."""
    running, client = each
    mallory, vera = issuer.token(sub="mallory"), issuer.token(sub="vera")
    code = sign_in(running, invited(client, mallory))
    assert call(client, vera, "link_account", {"code": code})["isError"] is True
    assert call(client, mallory, "get_auth_status")["structuredContent"]["authenticated"] is False
    assert call(client, vera, "get_auth_status")["structuredContent"]["authenticated"] is False


def test_group_27_a_wrong_code_and_one_that_nobody_waits_for_read_the_same(
    each: tuple[Server, httpx.Client], issuer: StandIn
) -> None:
    """Codes are kept as keyed digests and compared in constant time; what is told does not depend on them either."""
    running, client = each
    waiting = issuer.token(sub="gil")
    code = sign_in(running, invited(client, waiting))
    almost = code[:-1] + ("A" if code[-1] != "A" else "B")
    told = [
        text_of(call(client, token, "link_account", {"code": tried}))
        for token, tried in ((waiting, almost), (waiting, "AAAA-AAAA"), (issuer.token(sub="nil"), code))
    ]
    assert len(set(told)) == 1 and code not in told[0]
    assert call(client, waiting, "link_account", {"code": code})["structuredContent"]["linked"] is True
    assert code not in running.logged() and code.replace("-", "") not in running.logged()


def test_a_code_is_good_once_and_guessing_ends(each: tuple[Server, httpx.Client], issuer: StandIn) -> None:
    running, client = each
    token = issuer.token(sub="gus")
    code = sign_in(running, invited(client, token))
    for _ in range(5):
        assert call(client, token, "link_account", {"code": "AAAA-AAAA"})["isError"] is True
    assert call(client, token, "link_account", {"code": code})["isError"] is True, "five wrong ones were enough"
    code = sign_in(running, invited(client, token))
    spelled = f" {code.lower().replace('-', ' ')} "
    assert call(client, token, "link_account", {"code": spelled})["structuredContent"]["linked"] is True
    assert call(client, token, "link_account", {"code": code})["isError"] is True


def test_an_address_is_good_for_one_sign_in(each: tuple[Server, httpx.Client], issuer: StandIn) -> None:
    running, client = each
    address = invited(client, issuer.token(sub="ida"))
    with visit(running, address) as (browser, page):
        sign_in(running, address)
        assert status_at(running, address) == 410
        assert submit(browser, page, **DEMO).status_code == 410, "a form that was open meanwhile"


def test_an_address_cannot_be_made_up(each: tuple[Server, httpx.Client], issuer: StandIn) -> None:
    running, client = each
    address = invited(client, issuer.token(sub="eve"))
    ticket = parse_qs(urlsplit(address).query)["ticket"][0]
    for forged in ("", "x", ticket[:-2], ticket[:-4] + "AAAA", "A" * len(ticket), ticket + "é", "\x00"):
        assert status_at(running, "/link?" + str(httpx.QueryParams({"ticket": forged}))) == 410, forged
    assert "eve" not in ticket, "what is in it is sealed"


def test_the_page_says_who_asks_and_cannot_be_framed(each: tuple[Server, httpx.Client], issuer: StandIn) -> None:
    running, client = each
    token = issuer.token(sub="<script>alert(1)</script>", client_id='"><img src=x>')
    with visit(running, invited(client, token)) as (_, page):
        assert "<script" not in page.text and "<img" not in page.text
        assert "&lt;script&gt;" in page.text and issuer.issuer in page.text
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert page.headers["X-Frame-Options"] == "DENY"
        assert page.headers["Cache-Control"] == "no-store"
        # Group 28: the address carries the ticket, and no other site is told where a visitor came from.
        assert page.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
        for label in re.findall(r'<label for="(\w+)"', page.text):
            assert f'id="{label}"' in page.text
        assert '<html lang="en">' in page.text and "<h1>" in page.text


def test_the_form_is_guarded_against_other_sites(each: tuple[Server, httpx.Client], issuer: StandIn) -> None:
    running, client = each
    address = invited(client, issuer.token(sub="cora"))
    ticket = parse_qs(urlsplit(address).query)["ticket"][0]
    with httpx.Client(base_url=running.http) as elsewhere:
        assert elsewhere.post("/link", data={"ticket": ticket, **DEMO}).status_code == 403
    with visit(running, address) as (browser, page):
        foreign = {"Origin": "https://evil.example"}
        hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
        assert browser.post("/link", data={**hidden, **DEMO}, headers=foreign).status_code == 403


def test_a_wrong_password_is_told_and_may_be_tried_again(each: tuple[Server, httpx.Client], issuer: StandIn) -> None:
    running, client = each
    with visit(running, invited(client, issuer.token(sub="wim"))) as (browser, page):
        again = submit(browser, page, email=DEMO["email"], password="wrong-Passw0rd")
        assert again.status_code == 403 and 'role="alert"' in again.text
        assert "wrong-Passw0rd" not in again.text + running.logged()
        assert submit(browser, again, email="", password="").status_code == 400
        assert submit(browser, again, **DEMO).status_code == 200


def test_a_client_that_can_open_addresses_is_asked_to(each: tuple[Server, httpx.Client], issuer: StandIn) -> None:
    """2026-07-28: the call ends with ``input_required``, and the repeated one says what to do with the code."""
    _, client = each
    headers = {
        "Authorization": f"Bearer {issuer.token(sub='uma')}", "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": REVISION, "Mcp-Method": "tools/call", "Mcp-Name": "get_projects",
    }  # fmt: skip
    params = {**envelope(elicitation={"url": {}}), "name": "get_projects", "arguments": {}}
    first = client.post("/mcp", json=message("tools/call", params), headers=headers).json()["result"]
    assert first["resultType"] == "input_required"
    (asked,) = first["inputRequests"].values()
    assert asked["params"]["mode"] == "url" and "/link?ticket=" in asked["params"]["url"]
    answers = {key: {"action": "accept"} for key in first["inputRequests"]}
    repeated = {**params, "inputResponses": answers, "requestState": first["requestState"]}
    second = client.post("/mcp", json=message("tools/call", repeated), headers=headers).json()["result"]
    assert second["isError"] is True and "link_account" in text_of(second)


def test_the_list_offers_the_link_and_not_the_login(each: tuple[Server, httpx.Client], issuer: StandIn) -> None:
    _, client = each
    listed = ask(client, "tools/list", token=issuer.token()).json()["result"]["tools"]
    names = {tool["name"] for tool in listed}
    assert "link_account" in names and "login" not in names
    found = call(client, issuer.token(), "search_tools", {"query": "sign in login password"})
    assert '"login"' not in text_of(found)


def test_group_57_login_links_its_own_principal_alone(each: tuple[Server, httpx.Client], issuer: StandIn) -> None:
    _, client = each
    a, b = issuer.token(sub="a"), issuer.token(sub="b")
    assert not call(client, a, "login", DEMO).get("isError")
    assert call(client, b, "get_projects")["isError"] is True
    assert not call(client, a, "get_projects").get("isError")
    assert not call(client, b, "login", DEMO).get("isError")
    call(client, a, "unlink_account")
    assert not call(client, b, "get_projects").get("isError")
    assert call(client, a, "get_projects")["isError"] is True


def test_without_oauth_there_is_no_page() -> None:
    with opened({}) as (_, client):
        assert client.get("/link?ticket=x").status_code == 404
        assert client.get("/.well-known/oauth-protected-resource").status_code == 404
