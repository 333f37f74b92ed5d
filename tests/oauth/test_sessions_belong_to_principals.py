"""Attack groups 55 and 56: a session answers to the principal who opened it, and to nobody without a token."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.oauth.knocking import ask, bearer, open_session
from tests.oauth.stand_in import StandIn, stand_in
from tests.processes import Server, server
from tests.redis_server import private
from tests.transports.calls import message


def both(headers: dict[str, str], **more: str) -> dict[str, str]:
    return {**headers, "Accept": "application/json, text/event-stream", **more}


def test_group_55_another_principals_session_is_not_there(client: httpx.Client, issuer: StandIn) -> None:
    session = both(open_session(client, issuer.token(sub="alice")))
    for claims in ({"sub": "bob"}, {"sub": "alice2"}, {"sub": None, "gty": "client-credentials"}):
        foreign = bearer(issuer.token(**claims))
        for method in ("ping", "tools/list", "tools/call"):
            answer = client.post("/sse", json=message(method), headers={**session, **foreign})
            assert answer.status_code == 404, (method, answer.text)
        assert client.get("/sse", headers={**session, **foreign, "Accept": "text/event-stream"}).status_code == 404
        assert client.delete("/sse", headers={**session, **foreign}).status_code == 404
        note = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}
        assert client.post("/sse", json=note, headers={**session, **foreign}).status_code == 404
    own = bearer(issuer.token(sub="alice", scope="mcp.read"))
    assert client.post("/sse", json=message("ping"), headers={**session, **own}).status_code == 200


def test_group_55_a_batch_in_another_principals_session(client: httpx.Client, issuer: StandIn) -> None:
    session = both(open_session(client, issuer.token(), "2025-03-26"))
    change = {"name": "create_task", "arguments": {"title": "x"}}
    batch = [message("ping", request_id=1), message("tools/call", change, request_id=2)]
    assert client.post("/sse", json=batch, headers={**session, **bearer(issuer.token(sub="bob"))}).status_code == 404
    weaker = client.post("/sse", json=batch, headers={**session, **bearer(issuer.token(scope="mcp.read"))})
    assert weaker.status_code == 200
    refused = next(answer["error"] for answer in weaker.json() if answer["id"] == 2)
    assert refused["data"] == {"error": "insufficient_scope", "scope": "mcp.read mcp.write"}


def test_group_55_the_token_of_the_request_counts_and_not_that_of_the_handshake(
    client: httpx.Client, issuer: StandIn
) -> None:
    session = both(open_session(client, issuer.token(scope="mcp.admin")))
    params = {"name": "create_task", "arguments": {"title": "x"}}
    weaker = bearer(issuer.token(scope="mcp.read"))
    assert client.post("/sse", json=message("tools/call", params), headers={**session, **weaker}).status_code == 403


def test_group_55_a_stream_of_2024_11_05_takes_messages_of_its_opener_alone(
    client: httpx.Client, issuer: StandIn
) -> None:
    opener = {**bearer(issuer.token()), "Accept": "text/event-stream"}
    with client.stream("GET", "/sse", headers=opener) as stream:
        lines = stream.iter_lines()
        endpoint = next(line.removeprefix("data: ") for line in lines if line.startswith("data: "))
        assert client.post(endpoint, json=message("ping")).status_code == 401
        assert client.post(endpoint, json=message("ping"), headers=bearer(issuer.token(sub="bob"))).status_code == 404
        assert client.post(endpoint, json=message("ping"), headers=bearer(issuer.token())).status_code == 202
        assert any('"result":{}' in line for line in lines)


def test_group_55_a_cookie_of_somebody_else_is_as_none(client: httpx.Client, issuer: StandIn) -> None:
    session = open_session(client, issuer.token())["Mcp-Session-Id"]
    page = {"Cookie": f"mcp-session-id={session}", "Origin": "http://localhost:4200"}
    params = {"name": "get_session_info", "arguments": {}}

    def has_session(token: str) -> Any:
        answer = client.post("/sse", json=message("tools/call", params), headers={**page, **bearer(token)})
        return answer.json()["result"]["structuredContent"]["hasSession"]

    assert has_session(issuer.token()) is True
    assert has_session(issuer.token(sub="bob")) is False


def test_group_56_a_session_without_a_token_is_nobodys(client: httpx.Client, issuer: StandIn) -> None:
    session = both(open_session(client, issuer.token()))
    assert client.post("/sse", json=message("ping"), headers=session).status_code == 401
    assert client.get("/sse", headers={**session, "Accept": "text/event-stream"}).status_code == 401
    assert client.delete("/sse", headers=session).status_code == 401
    page = {"Cookie": f"mcp-session-id={session['Mcp-Session-Id']}", "Origin": "http://localhost:4200"}
    assert client.post("/sse", json=message("ping"), headers=page).status_code == 401


@pytest.mark.parametrize("token", [None, "a.b.c"])
def test_group_56_the_session_rest_wants_a_token_too(client: httpx.Client, token: str | None) -> None:
    for method, path in (("POST", "/sse/session"), ("GET", "/sse/session/x"), ("DELETE", "/sse/session/x")):
        answer = client.request(method, path, headers=bearer(token) if token else {})
        assert answer.status_code == 401, path
        assert answer.json()["error"] == "invalid_token"
        assert "/.well-known/oauth-protected-resource/sse" in answer.headers["WWW-Authenticate"]


def test_group_55_the_session_rest_shows_its_own(client: httpx.Client, issuer: StandIn) -> None:
    own, foreign = bearer(issuer.token()), bearer(issuer.token(sub="bob"))
    made = client.post("/sse/session", headers=own)
    assert made.status_code == 201, made.text
    place = f"/sse/session/{made.json()['id']}"
    assert client.get(place, headers=own).status_code == 200
    assert client.get(place, headers=foreign).status_code == 404
    assert client.delete(place, headers=foreign).status_code == 404
    assert client.delete(place, headers=own).status_code == 204


def test_who_did_what_is_written_down(client: httpx.Client, live: Server, issuer: StandIn) -> None:
    token = issuer.token(sub="carol")
    ask(client, "tools/call", {"name": "get_projects", "arguments": {}}, token=token)
    logged = live.logged()
    assert "token accepted issuer=" in logged and "subject=carol client=test-client" in logged
    assert "call tool=get_projects outcome=ok" in logged and "principal=carol" in logged
    assert token not in logged and token.split(".")[2] not in logged


def test_a_foreign_id_neither_tells_what_runs_nor_takes_ids_away() -> None:
    with stand_in() as issuer, private() as redis:
        shared = issuer.environment(MCP_TRANSPORT="http", REDIS_URL=redis.url, MCP_SECRET_KEY="k" * 64)
        with server(shared) as running, httpx.Client(base_url=running.http, timeout=30) as client:
            alice, bob = issuer.token(sub="alice"), issuer.token(sub="bob")
            session = open_session(client, alice)
            call = message("tools/call", {"name": "get_server_info", "arguments": {}})
            for _ in range(3):
                assert client.post("/mcp", json=call, headers={**session, **bearer(bob)}).status_code == 404
            assert client.post("/mcp", json=call, headers={**session, **bearer(alice)}).status_code == 200
