"""Attack group 50: who consents sees what is granted, and nobody consents for them."""

from __future__ import annotations

import base64
import contextlib
import html
import json
import re
import sqlite3
import time
import uuid
from pathlib import Path

import httpx
import pytest

from gauzy_mcp.embedded import PURPOSE
from gauzy_mcp.home import derive
from oauth_resource.server.authorizing import DECIDE_SECONDS
from oauth_resource.vault.sealing import KeyRing
from tests.oauth.server.person import DEMO, OAuthClient, Person, hidden, redirected
from tests.processes import Server

HTML = "<img src=x onerror=alert(1)><b>Gauzy</b>"


def test_group_50_a_decision_needs_the_token_of_its_form(person: Person) -> None:
    page = person.asked(OAuthClient.registered(person.base))
    fields = {**hidden(page.text), "decision": "allow"}
    without = {name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"}
    assert person.browser.post("/oauth/authorize", data=without).status_code == 403
    foreign = person.browser.post("/oauth/authorize", data=fields, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403


def test_group_50_nobody_frames_the_page(person: Person) -> None:
    page = person.asked(OAuthClient.registered(person.base))
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "form-action 'self' http://127.0.0.1:7777;" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


def test_group_50_what_was_shown_is_what_is_granted(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    page = person.asked(client, scope="mcp.read")
    more = {"scope": "mcp.admin", "redirect_uri": "https://evil.example/", "client_id": "x", "grant-mcp.write": "yes"}
    answer = person.submit(page, decision="allow", **more)
    assert answer.headers["Location"].startswith(client.redirect)
    assert client.exchange(redirected(answer)["code"]).json()["scope"] == "mcp.read"


def test_group_50_a_person_may_grant_less(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    code = redirected(person.submit(person.asked(client), decision="allow"))["code"]
    assert client.exchange(code).json()["scope"] == "mcp.read"


@pytest.mark.parametrize("tampered", ["", "AAAA", "not base64!", None])
def test_group_50_a_changed_request_is_refused(person: Person, tampered: str | None) -> None:
    page = person.asked(OAuthClient.registered(person.base))
    sealed = hidden(page.text)["request"]
    text = tampered if tampered is not None else sealed[:-6] + ("A" * 6 if sealed[-6:] != "A" * 6 else "B" * 6)
    answer = person.submit(page, decision="allow", request=text)
    assert answer.status_code == 400
    assert "Location" not in answer.headers


@pytest.mark.parametrize(("seconds", "status"), [(-1, 400), (60, 302)])
def test_group_50_a_page_that_was_open_for_too_long_grants_nothing(
    person: Person, home: Path, seconds: int, status: int
) -> None:
    """What the page carries is sealed again with another end, as nobody but this server could."""
    page = person.asked(OAuthClient.registered(person.base))
    ring = KeyRing([derive((home / "secret.key").read_bytes(), PURPOSE)])
    purpose = f"consent|v1|{subject_of(home)}"
    asked = json.loads(ring.open(base64.urlsafe_b64decode(hidden(page.text)["request"]), purpose))
    assert 590 < asked["until"] - time.time() <= DECIDE_SECONDS == 600
    sealed = ring.seal(json.dumps({**asked, "until": time.time() + seconds}).encode(), purpose)
    answer = person.submit(page, decision="allow", request=base64.urlsafe_b64encode(sealed).decode())
    assert answer.status_code == status, answer.text
    assert ("Location" in answer.headers) == (status == 302)


def subject_of(home: Path) -> uuid.UUID:
    """The demo user's."""
    with contextlib.closing(sqlite3.connect(home / "gauzy-mcp.sqlite3", timeout=20)) as database:
        query = "SELECT subject FROM authorization_account WHERE email = ?"
        return uuid.UUID(database.execute(query, (DEMO["email"],)).fetchone()[0])


def test_group_50_the_page_of_one_person_is_no_good_to_another(person: Person, place: Server) -> None:
    sealed = hidden(person.asked(OAuthClient.registered(person.base)).text)["request"]
    with Person(place) as other:
        other.sign_in(email="employee@gauzy.local")
        page = other.asked(OAuthClient.registered(other.base))
        assert other.submit(page, decision="allow", request=sealed).status_code == 400


@pytest.mark.parametrize("name", ["approval_prompt", "prompt"])
def test_group_50_consent_is_asked_for_each_time(person: Person, name: str) -> None:
    client = OAuthClient.registered(person.base)
    person.allows(client)
    again = person.asked(client, **{name: "auto"})
    assert again.status_code == 200
    assert "Allow" in again.text


def test_group_50_a_refusal_is_told_to_the_client(person: Person) -> None:
    told = redirected(person.submit(person.asked(OAuthClient.registered(person.base)), decision="deny"))
    assert told["error"] == "access_denied"
    assert told["state"] == "s-1"
    assert "code" not in told


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (HTML, html.escape(HTML)),
        ("\u202eelbatsurt\u202c\u2066 Gauzy\u0007", "elbatsurt Gauzy"),
        ("Z" * 300, "Z" * 59 + "…"),
        ("\u200b\u200e", "A program without a name"),
    ],
    ids=["html", "direction", "length", "invisible"],
)
def test_group_50_a_name_is_a_name_and_nothing_else(person: Person, name: str, shown: str) -> None:
    page = person.asked(OAuthClient.registered(person.base, client_name=name))
    heading = re.search(r"<h1>Connect <bdi>(.*?)</bdi>", page.text)
    assert heading
    assert heading[1] == shown
    assert "nobody has checked it" in page.text


def test_group_50_a_program_on_this_machine_is_warned_of(person: Person) -> None:
    local = person.asked(OAuthClient.registered(person.base)).text
    assert "Did you start this yourself" in local
    remote = OAuthClient.registered(person.base, redirect_uris=["https://app.example.com/callback"])
    page: httpx.Response = person.asked(remote)
    assert "Did you start this yourself" not in page.text
    assert "app.example.com" in page.text


def test_group_50_who_runs_nothing_here_grants_nothing_of_that(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    assert "Look after this server" not in person.asked(client, scope="mcp.read mcp.admin").text
    assert client.tokens(person, scope="mcp.read mcp.admin")["scope"] == "mcp.read"
