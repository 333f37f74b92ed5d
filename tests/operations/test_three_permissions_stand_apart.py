"""To view, to terminate, and to see the arguments of calls."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import httpx
import pytest

from tests.operations.conftest import Place
from tests.operations.operators import Operator
from tests.operations.places import History
from tests.operations.users import make
from tests.processes import server
from tests.transports.calls import initialize, tool

LIST, CALLS = "/admin/operations/sessionrecord/", "/admin/operations/callrecord/"
VIEW = ("view_sessionrecord", "view_callrecord")


@pytest.fixture(scope="module")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("permissions")
    with server({"MCP_TRANSPORT": "http", "MCP_KEEP_ARGUMENTS": "true"}, str(home)) as running:
        yield Place(running, History(home), home)


def signed_in(place: Place, *permissions: str) -> Operator:
    name, password = secrets.token_hex(6), secrets.token_hex(12)
    make(place.home, name, password, *permissions)
    return Operator(place.server.http, name, password)


def live_session(place: Place) -> tuple[str, dict[str, str]]:
    with httpx.Client(base_url=place.server.http, timeout=30) as http:
        headers = {name.replace("-", "_"): value for name, value in initialize(http).items()}
        answer = tool(http, "get_projects", {"name": "an-argument"}, **headers)
        assert answer.status_code == 200
        uid = tool(http, "get_session_info", **headers).json()["result"]["structuredContent"]["session"]
    place.history.session(uid, calls=2)
    return uid, headers


def test_nobody_sees_anything_without_signing_in(keeping: Place) -> None:
    uid, _ = live_session(keeping)
    for path in ("/admin/", LIST, f"{LIST}{uid}/change/", f"{LIST}{uid}/terminate/", CALLS):
        answer = httpx.get(keeping.server.http + path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/admin/login/")


def test_none_of_them_shows_nothing(keeping: Place) -> None:
    uid, _ = live_session(keeping)
    with signed_in(keeping) as operator:
        assert operator.http.get(LIST).status_code == 403
        assert operator.http.get(CALLS).status_code == 403
        assert operator.http.get("/sse/sessions/stats").status_code == 403
        page = operator.http.get("/admin/").text
        assert "Live sessions" not in page
        assert uid not in page


def test_who_may_view_sees_sessions_and_calls_without_arguments_and_ends_nothing(keeping: Place) -> None:
    uid, _ = live_session(keeping)
    with signed_in(keeping, *VIEW) as operator:
        assert uid in operator.http.get(LIST).text
        page = operator.http.get(f"{LIST}{uid}/change/").text
        assert "get_projects" in page
        assert "/terminate/" not in page
        assert operator.http.get("/sse/sessions/stats").status_code == 200
        call = next(call for call in keeping.history.calls() if call["session_id"] == uid and call["arguments"] != "{}")
        shown = operator.http.get(f"{CALLS}{call['id']}/change/").text
        assert call["digest"] in shown
        assert "an-argument" not in shown
        assert operator.http.get(f"{LIST}{uid}/terminate/").status_code == 403
        operator.act("terminate_chosen", uid)
    assert keeping.history.session(uid)["state"] == "live"


def test_who_may_terminate_does(keeping: Place) -> None:
    uid, headers = live_session(keeping)
    with signed_in(keeping, *VIEW, "terminate_sessionrecord") as operator:
        assert "/terminate/" in operator.http.get(f"{LIST}{uid}/change/").text
        assert operator.terminate(uid).status_code == 302
    assert keeping.history.session(uid, state="terminated")
    with httpx.Client(base_url=keeping.server.http) as http:
        assert tool(http, "get_server_info", **headers).status_code == 404


def test_who_may_see_arguments_does(keeping: Place) -> None:
    uid, _ = live_session(keeping)
    call = next(call for call in keeping.history.calls() if call["session_id"] == uid and call["arguments"] != "{}")
    with signed_in(keeping, *VIEW, "view_arguments") as operator:
        shown = operator.http.get(f"{CALLS}{call['id']}/change/").text
        assert "an-argument" in shown
        assert operator.http.get(f"{LIST}{uid}/terminate/").status_code == 403


def test_history_cannot_be_changed_by_anybody(place: Place, operator: Operator) -> None:
    uid, _ = live_session(place)
    token = operator.http.cookies["csrftoken"]
    headers = {"X-CSRFToken": token, "Referer": place.server.http}
    for path in (f"{LIST}add/", f"{LIST}{uid}/change/", f"{LIST}{uid}/delete/", f"{CALLS}add/"):
        assert operator.http.post(path, data={"state": "closed"}, headers=headers).status_code == 403
    operator.act("delete_selected", uid)
    assert place.history.session(uid)["state"] == "live"
