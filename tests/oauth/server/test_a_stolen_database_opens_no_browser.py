"""What stands in the table of browser sessions is of no use as a cookie, and the browser's own cookie is not there."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.oauth.server.person import Person
from tests.operations.operators import Operator
from tests.operations.places import History
from tests.processes import Server

COOKIE = "gauzy-mcp-browser"


def test_no_row_is_the_cookie_of_a_person_or_an_operator(place: Server, person: Person, home: Path) -> None:
    with Operator(place.http) as operator:
        browsers = ((person.browser, "/account"), (operator.http, "/admin/"))
        keys = keys_in(home)
        for browser, page in browsers:
            assert browser.get(page).status_code == 200
            assert browser.cookies[COOKIE] not in keys
        for key in keys:
            for _, page in browsers:
                with httpx.Client(base_url=place.http, cookies={COOKIE: key}, timeout=30) as thief:
                    assert thief.get(page).status_code in (302, 303), "sent to the sign-in"


def test_signing_out_removes_the_row_of_a_person_and_of_an_operator(place: Server, person: Person, home: Path) -> None:
    before = keys_in(home)
    person.submit(person.browser.get("/oauth/sign-out"))
    assert len(before - keys_in(home)) == 1
    with Operator(place.http) as operator:
        during, held = keys_in(home), operator.http.cookies[COOKIE]
        token = operator.http.cookies["csrftoken"]
        answer = operator.http.post("/admin/logout/", data={"csrfmiddlewaretoken": token})
        assert answer.status_code == 200, answer.text
        assert len(during - keys_in(home)) == 1
        operator.http.cookies.set(COOKIE, held)
        assert operator.http.get("/admin/").status_code == 302, "the old cookie opens nothing"


def keys_in(home: Path) -> set[str]:
    return {row["session_key"] for row in History(home).rows("SELECT session_key FROM django_session")}
