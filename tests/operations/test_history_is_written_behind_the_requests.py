from __future__ import annotations

import threading

import httpx

from tests.operations.conftest import Place
from tests.operations.sockets import call, initialize, name_of, say, socket
from tests.sessions.client import Client
from tests.transports.calls import initialize as open_session
from tests.transports.calls import tool


def underlined(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in headers.items()}


def uid(http: httpx.Client, headers: dict[str, str]) -> str:
    answer = tool(http, "get_session_info", **underlined(headers)).json()
    return str(answer["result"]["structuredContent"]["session"])


def test_a_session_is_there_with_who_and_what_it_did(place: Place, http: httpx.Client) -> None:
    headers = underlined(open_session(http))
    name = uid(http, open_headers := headers)
    tool(http, "login", {"email": "demo@gauzy.local", "password": "demo"}, **open_headers)
    tool(http, "get_projects", {"limit": 1}, **open_headers)
    tool(http, "get_project", {"id": "no id"}, **open_headers)
    row = place.history.session(name, calls=4, errors=1, in_flight=0)
    assert (row["transport"], row["revision"], row["state"]) == ("http", "2025-11-25", "live")
    assert (row["client_name"], row["client_version"], row["account"]) == ("test", "1", "demo@gauzy.local")
    assert row["organization"]


def test_every_call_has_its_outcome_duration_and_upstream_status(place: Place, http: httpx.Client) -> None:
    headers = underlined(open_session(http))
    name = uid(http, headers)
    tool(http, "get_projects", {"limit": 1}, **headers)
    tool(http, "get_project", {"id": "00000000-0000-4000-8000-000000000000"}, **headers)
    place.history.session(name, calls=3)
    calls = [call for call in place.history.calls() if call["session_id"] == name]
    assert [(call["tool"], call["outcome"]) for call in calls] == [
        ("get_session_info", "ok"), ("get_projects", "ok"), ("get_project", "error"),
    ]  # fmt: skip
    assert [call["upstream"] for call in calls] == [None, None, 400]
    assert all(call["milliseconds"] >= 0 for call in calls)


def test_calls_that_run_side_by_side_are_all_counted_and_none_stays_in_flight(place: Place, http: httpx.Client) -> None:
    """Well, badly, and cancelled."""
    client = Client.opened_at(http, place.server)
    name = client.call(place.server, "get_session_info")["session"]
    threads = [threading.Thread(target=client.call, args=(place.server, "get_server_info")) for _ in range(10)]
    for thread in threads:
        thread.start()
    with client.calling(place.server, "test_hold", request_id="held", label=name) as events:
        events.until("notifications/message")
        assert place.history.session(name, in_flight=1)["state"] == "live"
        client.notify(place.server, "notifications/cancelled", requestId="held")
        assert list(events) == []
    for thread in threads:
        thread.join()
    assert place.history.session(name, calls=12, in_flight=0)["errors"] == 1
    outcomes = [call["outcome"] for call in place.history.calls() if call["session_id"] == name]
    assert sorted(outcomes) == ["cancelled", *["ok"] * 11]


def test_a_socket_is_there_as_soon_as_it_is_open_and_closed_when_it_closes(place: Place) -> None:
    with socket(place.server.ws) as opened:
        name = name_of(opened)
        assert place.history.session(name)["client_name"] == ""
        initialize(opened)
        assert place.history.session(name, client_name="socket")["revision"] == "2025-06-18"
        call(opened, "get_server_info")
        say(opened, "tools/call", {"name": "test_hold", "arguments": {"label": name}})
        place.history.session(name, in_flight=1)
    row = place.history.session(name, state="closed")
    assert (row["in_flight"], row["calls"]) == (0, 3)
    assert row["ended"] is not None


def test_the_secret_id_of_a_session_is_nowhere(place: Place, http: httpx.Client) -> None:
    headers = open_session(http)
    place.history.session(uid(http, headers))
    assert headers["Mcp-Session-Id"] not in place.server.logged()
    for file in place.home.glob("gauzy-mcp.sqlite3*"):
        assert headers["Mcp-Session-Id"].encode() not in file.read_bytes()
