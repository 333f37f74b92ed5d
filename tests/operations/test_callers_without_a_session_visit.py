"""A stateless client or a bare POST has a row per stretch of activity: one per principal and client, or per address."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.oauth.stand_in import stand_in
from tests.operations.conftest import HOLDING, Place
from tests.operations.operators import FIRST_OPERATOR, Operator
from tests.operations.places import History
from tests.processes import server
from tests.sessions.client import BOTH, Events
from tests.transports.calls import envelope, message, post, tool

REVISION = "2026-07-28"
CLIENT_INFO = "io.modelcontextprotocol/clientInfo"
MOST_STRANGERS = 1000
PROXY = {"MCP_TRUSTED_PROXIES": "127.0.0.1"}
addresses = itertools.count(1)


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Behind a proxy that is trusted, so that each test is another caller."""
    home = tmp_path_factory.mktemp("home")
    with server({**FIRST_OPERATOR, **PROXY, "MCP_TRANSPORT": "http"}, str(home), HOLDING) as running:
        yield Place(running, History(home), home)
        assert " ERROR " not in running.logged(), running.logged()


@pytest.fixture
def address() -> str:
    return f"198.51.100.{next(addresses)}"


@pytest.fixture
def http(visited: Place, address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=visited.server.http, headers={"X-Forwarded-For": address}, timeout=30) as opened:
        yield opened


def stateless(method: str, params: dict[str, Any], client: str = "test") -> dict[str, Any]:
    """What ``httpx`` needs for a request of the stateless era."""
    meta = envelope()["_meta"]
    sent = {"_meta": {**meta, CLIENT_INFO: {"name": client, "version": "1"}}, **params}
    headers = {"MCP-Protocol-Version": REVISION, "Mcp-Method": method, "Accept": BOTH}
    if "name" in params:
        headers["Mcp-Name"] = params["name"]
    return {"json": message(method, sent), "headers": headers}


def rows(place: Place, address: str, least: int = 1, /, **wanted: Any) -> list[dict[str, Any]]:
    """The visits from an address, as soon as there are so many and the last of them has the wanted values."""

    def read() -> list[dict[str, Any]]:
        return [row for row in place.history.sessions() if row["address"] == address and row["visitor"]]

    def fits(found: list[dict[str, Any]]) -> bool:
        return len(found) >= least and all(found[-1][name] == value for name, value in wanted.items())

    return list(place.history.until(read, fits))


def test_a_bare_post_is_there_with_what_it_did(visited: Place, http: httpx.Client, address: str) -> None:
    post(http, "ping")
    tool(http, "get_server_info")
    tool(http, "get_project", {"id": "no id"})
    (row,) = rows(visited, address, calls=2, in_flight=0)
    assert (row["state"], row["transport"], row["errors"], row["principal"]) == ("live", "http", 1, "")
    calls = [call for call in visited.history.calls() if call["session_id"] == row["uid"]]
    assert [call["tool"] for call in calls] == ["get_server_info", "get_project"]


def test_a_stateless_client_is_there_with_its_name(visited: Place, http: httpx.Client, address: str) -> None:
    http.post("/mcp", **stateless("tools/list", {}, "a client"))
    http.post("/mcp", **stateless("tools/call", {"name": "get_server_info"}, "a client"))
    (row,) = rows(visited, address, calls=1)
    assert (row["client_name"], row["client_version"], row["revision"]) == ("a client", "1", REVISION)


def test_a_stranger_is_one_visitor_under_however_many_names(visited: Place, http: httpx.Client, address: str) -> None:
    for number in range(50):
        http.post("/mcp", **stateless("tools/call", {"name": "get_server_info"}, f"name {number}"))
    (row,) = rows(visited, address, calls=50)
    assert row["client_name"] == "name 49"


def test_a_sign_in_makes_a_session_of_a_visit(visited: Place, http: httpx.Client, address: str) -> None:
    """The call belongs to the session that it opened, and nothing of it stays in flight."""
    answer = tool(http, "login", {"email": "demo@gauzy.local", "password": "demo"})
    found = tool(http, "get_session_info", Mcp_Session_Id=answer.headers["Mcp-Session-Id"]).json()
    uid = found["result"]["structuredContent"]["session"]
    assert visited.history.session(uid, calls=2, in_flight=0)["visitor"] == ""
    (row,) = rows(visited, address, in_flight=0)
    assert row["calls"] == 0


def test_terminating_ends_what_runs_and_the_next_call_is_another_visit(
    visited: Place, http: httpx.Client, address: str
) -> None:
    hold = stateless("tools/call", {"name": "test_hold", "arguments": {"label": address}})
    hold["json"]["params"]["_meta"]["io.modelcontextprotocol/logLevel"] = "info"
    listen = stateless("subscriptions/listen", {"notifications": {"toolsListChanged": True}})
    with (
        Operator(visited.server.http) as operator,
        http.stream("POST", "/mcp", **hold) as held,
        http.stream("POST", "/mcp", **listen) as listened,
    ):
        calling, listening = Events(held), Events(listened)
        calling.until("notifications/message")
        listening.until("notifications/subscriptions/acknowledged")
        (row,) = rows(visited, address, in_flight=1)
        asked = operator.http.get(f"/admin/operations/sessionrecord/{row['uid']}/terminate/").text
        assert "nothing keeps it from calling again" in asked
        assert operator.terminate(row["uid"]).status_code == 302
        assert list(calling) == list(listening) == []
        told = operator.http.get(f"/admin/operations/sessionrecord/{row['uid']}/change/").text
        assert "may call again" in told
        assert address in told
    (ended,) = rows(visited, address, state="terminated", calls=1)
    assert (ended["in_flight"], ended["errors"]) == (0, 1)
    http.post("/mcp", **stateless("tools/call", {"name": "get_server_info"}))
    again = rows(visited, address, 2, state="live", calls=1)
    assert [row["state"] for row in again] == ["terminated", "live"]


def test_a_visit_ends_unused_and_an_open_stream_is_a_use(tmp_path: Path) -> None:
    """The visit that ends is another one than that of the stream, which lives as long again and longer."""
    with server({**PROXY, "MCP_TRANSPORT": "http", "MCP_SESSION_TTL": "1500"}, str(tmp_path)) as running:
        place = Place(running, History(tmp_path), tmp_path)
        listen = stateless("subscriptions/listen", {"notifications": {"toolsListChanged": True}})
        listen["headers"]["X-Forwarded-For"] = "203.0.113.1"
        with httpx.Client(base_url=running.http, timeout=30) as http, http.stream("POST", "/mcp", **listen) as open_one:
            listening = Events(open_one)
            listening.until("notifications/subscriptions/acknowledged")
            for visits in (1, 2):
                tool(http, "get_server_info", X_Forwarded_For="203.0.113.2")
                found = rows(place, "203.0.113.2", visits, state="expired", calls=1)
                assert len(found) == visits
            assert [row["state"] for row in rows(place, "203.0.113.1", state="live")] == ["live"]


def test_strangers_cannot_make_rows_without_bound(tmp_path: Path) -> None:
    with server({**PROXY, "MCP_TRANSPORT": "http"}, str(tmp_path)) as running:
        history = History(tmp_path)
        with httpx.Client(base_url=running.http, timeout=30) as http:
            for number in range(MOST_STRANGERS + 20):
                post(http, "ping", X_Forwarded_For=f"198.{18 + number // 60000}.{number // 250}.{number % 250}")
            assert tool(http, "get_server_info", X_Forwarded_For="203.0.113.9").status_code == 200
        calls = history.until(history.calls, lambda calls: calls)
        assert calls[0]["session_id"] is None
        assert len(history.until(history.sessions, lambda found: len(found) >= MOST_STRANGERS)) == MOST_STRANGERS
        assert running.logged().count("too many callers without a session") == 1


def test_a_principal_is_one_visitor_per_client(tmp_path: Path) -> None:
    with stand_in() as issuer, server({**issuer.environment(), "MCP_TRANSPORT": "http"}, str(tmp_path)) as running:
        history = History(tmp_path)
        with httpx.Client(base_url=running.http, timeout=30) as http:
            for subject, client in itertools.product(("alice", "bob"), ("one", "other", "one")):
                sent = stateless("tools/call", {"name": "get_server_info"}, client)
                sent["headers"]["Authorization"] = f"Bearer {issuer.token(sub=subject)}"
                assert http.post("/mcp", **sent).status_code == 200
        found = history.until(history.sessions, lambda rows: sum(row["calls"] for row in rows) == 6)
    told = sorted((row["principal"].rpartition("|")[2], row["client_name"], row["calls"]) for row in found)
    assert told == [("alice", "one", 2), ("alice", "other", 1), ("bob", "one", 2), ("bob", "other", 1)]
    assert {row["address"] for row in found} == {"127.0.0.1"}
