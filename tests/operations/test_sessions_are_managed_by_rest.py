"""POST, GET and DELETE /sse/session for one's own session; numbers for operators."""

from __future__ import annotations

import httpx
import pytest

from tests.operations.conftest import Place
from tests.operations.operators import Operator
from tests.processes import server
from tests.transports.calls import initialize, tool


def opened(http: httpx.Client) -> dict[str, object]:
    answer = http.post("/sse/session")
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    return dict(answer.json())


def test_a_session_is_opened_used_looked_at_and_ended(place: Place, http: httpx.Client) -> None:
    session = opened(http)
    assert session["transport"] == "http"
    assert place.history.session(str(session["uid"]))["state"] == "live"
    tool(http, "login", {"email": "demo@gauzy.local", "password": "demo"}, Mcp_Session_Id=str(session["id"]))
    place.history.session(str(session["uid"]), account="demo@gauzy.local")
    path = f"/sse/session/{session['id']}"
    seen = http.get(path).json()
    assert "id" not in seen
    assert {key: seen[key] for key in ("uid", "calls", "failed")} == {"uid": session["uid"], "calls": 1, "failed": 0}
    assert seen["expiresInMs"] == 1_800_000
    assert http.delete(path).status_code == 204
    assert place.history.session(str(session["uid"]), state="closed")
    assert [http.get(path).status_code, http.delete(path).status_code] == [404, 404]


def test_a_session_of_the_protocol_is_the_same_kind(http: httpx.Client) -> None:
    headers = initialize(http)
    seen = http.get(f"/sse/session/{headers['Mcp-Session-Id']}").json()
    assert (seen["protocolVersion"], seen["client"]) == ("2025-11-25", {"name": "test", "version": "1"})


def test_only_the_secret_id_reaches_a_session(http: httpx.Client) -> None:
    session = opened(http)
    for other in (session["uid"], "x", "%2e%2e", str(session["id"])[:-1], "a" * 5000):
        answer = http.get(f"/sse/session/{other}")
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/json" or other == "%2e%2e"


def test_no_id_is_logged_not_even_of_what_is_refused(place: Place, http: httpx.Client) -> None:
    session = opened(http)
    path = f"/sse/session/{session['id']}"
    for method in ("GET", "PUT", "DELETE", "GET"):
        http.request(method, path)
    http.get(path, headers={"Host": "evil.example.com"})
    assert str(session["id"]) not in place.server.logged()
    assert "/sse/session/[hidden]" in place.server.logged()


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example.com"}, {"Host": "evil.example.com"}])
def test_foreign_pages_do_not_reach_it(http: httpx.Client, headers: dict[str, str]) -> None:
    assert http.post("/sse/session", headers=headers).status_code == 403


def test_without_sessions_none_is_opened() -> None:
    with server({"MCP_TRANSPORT": "http", "MCP_SESSION_ENABLED": "false"}) as running:
        answer = httpx.post(f"{running.http}/sse/session")
        assert (answer.status_code, "MCP_SESSION_ENABLED" in answer.json()["error"]) == (404, True)


def test_numbers_are_for_operators(place: Place, http: httpx.Client, operator: Operator) -> None:
    session = opened(http)
    assert http.get("/sse/sessions/stats").status_code == 403
    place.history.session(str(session["uid"]), state="live")
    stats = operator.http.get("/sse/sessions/stats").json()
    assert set(stats) == {"live", "inFlight", "calls", "failed"}
    assert stats["live"]["http"] >= 1
