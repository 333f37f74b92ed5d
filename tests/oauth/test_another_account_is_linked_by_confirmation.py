"""Defect A17: nobody is moved to another Gauzy account without confirming it, least of all by a reader."""

from __future__ import annotations

import contextlib
import html
import re
from collections.abc import Iterator, Mapping

import httpx
import pytest

from tests.oauth.knocking import DEMO, ask, call, opened, text_of
from tests.oauth.stand_in import StandIn
from tests.oauth.test_accounts_are_linked_in_the_browser import address_in, invited, sign_in, submit, visit
from tests.oauth.upstream import whoami
from tests.processes import Server

EMMA = {"email": "employee@gauzy.local", "password": "demo"}


@pytest.fixture(scope="module")
def each(issuer: StandIn) -> Iterator[tuple[Server, httpx.Client]]:
    with opened(issuer.environment(GAUZY_IDENTITY_MODE="per_user", MCP_TRANSPORT="http")) as (running, client):
        yield running, client
        assert "Traceback" not in running.logged(), running.logged()


def linked(each: tuple[Server, httpx.Client], token: str) -> None:
    running, client = each
    code = sign_in(running, invited(client, token))
    assert call(client, token, "link_account", {"code": code})["structuredContent"]["email"] == DEMO["email"]


def another(client: httpx.Client, token: str) -> str:
    """The address of the page where a person links another account."""
    refused = text_of(call(client, token, "login", EMMA))
    assert f"Your Gauzy account here is {DEMO['email']}" in refused
    return address_in(refused)


@contextlib.contextmanager
def asked(
    running: Server, address: str, who: Mapping[str, str] = EMMA
) -> Iterator[tuple[httpx.Client, dict[str, str]]]:
    """The browser of somebody who signed in, and the fields of the question that came back."""
    with visit(running, address) as (browser, page):
        question = submit(browser, page, **who)
        shown = html.unescape(question.text)
        assert question.status_code == 200 and "Replace the linked account?" in shown
        assert DEMO["email"] in shown and who["email"] in shown and '<p class="code">' not in shown
        yield browser, dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', question.text))


def code_in(page: httpx.Response) -> str:
    found = re.search(r'<p class="code">([A-Z0-9-]+)</p>', page.text)
    assert found, page.text
    return found[1]


def test_a_reader_neither_links_nor_unlinks(each: tuple[Server, httpx.Client], issuer: StandIn) -> None:
    _, client = each
    person = issuer.token(sub="rita")
    linked(each, person)
    reader = issuer.token(sub="rita", scope="mcp.read")
    for name, arguments in (("unlink_account", {}), ("link_account", {"code": "AAAA-AAAA"}), ("login", EMMA)):
        answer = ask(client, "tools/call", {"name": name, "arguments": arguments}, token=reader)
        assert answer.status_code == 403, (name, answer.text)
        assert 'scope="mcp.read mcp.write"' in answer.headers["WWW-Authenticate"]
        forwarded = {"name": "call_tool", "arguments": {"name": name, "arguments": arguments}}
        assert ask(client, "tools/call", forwarded, token=reader).status_code == 403, name
    assert "no session" in text_of(call(client, reader, "logout"))
    assert whoami(client, person) == DEMO["email"]


def test_a_reader_cannot_use_a_code_that_its_person_got(each: tuple[Server, httpx.Client], issuer: StandIn) -> None:
    running, client = each
    reader = issuer.token(sub="rolf", scope="mcp.read")
    code = sign_in(running, invited(client, reader))
    params = {"name": "link_account", "arguments": {"code": code}}
    assert ask(client, "tools/call", params, token=reader).status_code == 403
    linking = call(client, issuer.token(sub="rolf"), "link_account", {"code": code})
    assert linking["structuredContent"]["linked"] is True, "the code is good still, for a client that may change"


def test_a_person_who_agrees_is_linked_to_another_account(each: tuple[Server, httpx.Client], issuer: StandIn) -> None:
    running, client = each
    token = issuer.token(sub="anna")
    linked(each, token)
    with asked(running, another(client, token)) as (browser, fields):
        code = code_in(browser.post("/link", data={**fields, **DEMO, "decision": "replace"}))
        assert whoami(client, token) == DEMO["email"], "not before the client has the code"
        assert browser.post("/link", data={**fields, **DEMO, "decision": "replace"}).status_code == 410, "answered once"
    assert call(client, token, "link_account", {"code": code})["structuredContent"]["email"] == EMMA["email"]
    assert whoami(client, token) == EMMA["email"]
    assert "link confirmed subject=anna" in running.logged()


@pytest.mark.parametrize("decision", ["keep", "", "anything"])
def test_a_person_who_does_not_agree_keeps_what_is_linked(
    each: tuple[Server, httpx.Client], issuer: StandIn, decision: str
) -> None:
    running, client = each
    token = issuer.token(sub=f"kim-{decision}")
    linked(each, token)
    with asked(running, another(client, token)) as (browser, fields):
        kept = browser.post("/link", data={**fields, "decision": decision})
        assert kept.status_code == 200 and "Nothing was changed" in kept.text
        assert browser.post("/link", data={**fields, **DEMO, "decision": "replace"}).status_code == 410
    assert whoami(client, token) == DEMO["email"]


def test_who_has_the_address_alone_cannot_agree(each: tuple[Server, httpx.Client], issuer: StandIn) -> None:
    """Mallory sends Vera his address. What she signs in to is hers to confirm, in her browser, and not his."""
    running, client = each
    mallory = issuer.token(sub="mallory")
    linked(each, mallory)
    address = another(client, mallory)
    with visit(running, address) as (elsewhere, page), asked(running, address) as (_, fields):
        own = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        for guess in ("", "x", fields["confirmation"][:-1]):
            tried = elsewhere.post("/link", data={**own, **DEMO, "confirmation": guess, "decision": "replace"})
            assert tried.status_code == 410, guess
        assert call(client, mallory, "link_account", {"code": fields["confirmation"][:20]})["isError"] is True
    assert whoami(client, mallory) == DEMO["email"]


def test_an_answer_from_another_site_is_refused(each: tuple[Server, httpx.Client], issuer: StandIn) -> None:
    running, client = each
    token = issuer.token(sub="cleo")
    linked(each, token)
    with asked(running, another(client, token)) as (browser, fields):
        foreign = {"Origin": "https://evil.example"}
        answer = {**fields, **DEMO, "decision": "replace"}
        assert browser.post("/link", data=answer, headers=foreign).status_code == 403
        assert browser.post("/link", data=answer).status_code == 200, "it was not used up"


def test_a_code_does_not_replace_an_account_that_nobody_was_asked_about(
    each: tuple[Server, httpx.Client], issuer: StandIn
) -> None:
    """There was nothing to replace when the code was shown; meanwhile another account was linked."""
    running, client = each
    token = issuer.token(sub="nele")
    late, early = invited(client, token), invited(client, token)
    code = sign_in(running, late, **EMMA)
    assert not call(client, token, "link_account", {"code": sign_in(running, early)}).get("isError")
    refused = call(client, token, "link_account", {"code": code})
    assert refused["isError"] is True and DEMO["email"] in text_of(refused)
    assert whoami(client, token) == DEMO["email"]
    with asked(running, address_in(text_of(refused))) as (browser, fields):
        code = code_in(browser.post("/link", data={**fields, **DEMO, "decision": "replace"}))
    assert call(client, token, "link_account", {"code": code})["structuredContent"]["email"] == EMMA["email"]


def test_the_same_account_is_linked_again_without_a_question(
    each: tuple[Server, httpx.Client], issuer: StandIn
) -> None:
    running, client = each
    token = issuer.token(sub="sam")
    linked(each, token)
    code = sign_in(running, another(client, token), **DEMO)
    assert call(client, token, "link_account", {"code": code})["structuredContent"]["email"] == DEMO["email"]
