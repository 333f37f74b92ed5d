"""What an attacker with a session of their own tries, who has even seen ids that are no secrets."""

from __future__ import annotations

import hashlib

import httpx
import pytest

from tests.sessions.client import Client, stateless
from tests.sessions.conftest import Pair

TASKS = {"extensions": {"io.modelcontextprotocol/tasks": {}}}
ANSWER = {"action": "accept", "content": {"name": "Mallory"}}


def test_the_stream_of_another_session_cannot_be_resumed(pair: Pair, http: httpx.Client) -> None:
    victim, attacker = Client.opened_at(http, pair.a), Client.opened_at(http, pair.a)
    uid = victim.call(pair.a, "get_session_info")["session"]
    with victim.calling(pair.a, "test_count", to=3) as events:
        seen = list(events)
    stream = seen[0].id.rpartition(":")[0]
    for last in (seen[0].id, f"{stream}:0-0", f"{uid}:{stream}:0-0", f"../{uid}:{stream}:0-0", f"{stream}*:0-0"):
        for server in (pair.a, pair.b):
            with attacker.listening(server, after=last) as events:
                assert events.response.status_code == 400
                assert b"progress" not in events.response.read()
    with victim.listening(pair.b, after=seen[0].id) as events:
        assert [event.id for event in events] == [event.id for event in seen[1:]]


@pytest.mark.parametrize("last", ["", "s", "s:", "s:1", "s:-1", "s:+1-0", "s:a-b", "s:" + "9" * 40 + "-0", "s:٣-0"])
def test_an_event_id_that_is_none_is_refused_before_anything_is_sent(pair: Pair, http: httpx.Client, last: str) -> None:
    client = Client.opened_at(http, pair.a)
    headers = [(b"Accept", b"text/event-stream"), (b"Last-Event-ID", last.encode())]
    answer = http.get(
        f"{pair.b.http}/mcp", headers=[*[(k.encode(), v.encode()) for k, v in client.headers.items()], *headers]
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == -32600


def test_the_question_of_another_session_cannot_be_answered(pair: Pair, http: httpx.Client) -> None:
    victim, attacker = Client.opened_at(http, pair.a, elicitation={"form": {}}), Client.opened_at(http, pair.a)
    uid = victim.call(pair.a, "get_session_info")["session"]
    with victim.calling(pair.a, "test_streaming_elicitation") as events:
        asked = events.until("elicitation/create").message["id"]
        for forged in (asked, f"{uid}:{asked}", f"../{uid}:{asked}"):
            for server in (pair.a, pair.b):
                attacker.post(server, {"jsonrpc": "2.0", "id": forged, "result": ANSWER})
                # A plain caller has no session at all.
                Client(http).post(server, {"jsonrpc": "2.0", "id": forged, "result": ANSWER})
        own = {"jsonrpc": "2.0", "id": asked, "result": {"action": "accept", "content": {"name": "Emma"}}}
        assert victim.post(pair.b, own).status_code == 202
        assert events.answer()["result"]["content"] == [{"type": "text", "text": "Emma"}]


def test_the_call_of_another_session_cannot_be_cancelled(pair: Pair, http: httpx.Client) -> None:
    victim, attacker = Client.opened_at(http, pair.a), Client.opened_at(http, pair.b)
    with victim.calling(pair.a, "test_hold", request_id=4711, label="not yours") as events:
        events.until("notifications/message")
        for server in (pair.a, pair.b):
            for request_id in (4711, "4711", [4711], {"id": 4711}, None, True, 4711.0):
                attacker.notify(server, "notifications/cancelled", requestId=request_id)
                Client(http).notify(server, "notifications/cancelled", requestId=request_id)
        victim.call(pair.a, "test_release", label="not yours")
        assert events.answer()["result"]["structuredContent"] == {"outcome": "released"}


def test_the_same_request_id_runs_in_two_sessions(pair: Pair, http: httpx.Client) -> None:
    one, two = Client.opened_at(http, pair.a), Client.opened_at(http, pair.a)
    with one.calling(pair.a, "test_hold", request_id=1, label="of one") as events:
        events.until("notifications/message")
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "get_server_info"}}
        assert "result" in two.post(pair.a, body).json()
        one.call(pair.a, "test_release", label="of one")
        assert "result" in events.answer()


def test_only_the_secret_id_names_a_session(pair: Pair, http: httpx.Client) -> None:
    victim = Client.opened_at(http, pair.a)
    secret = victim.headers["Mcp-Session-Id"]
    uid = victim.call(pair.a, "get_session_info")["session"]
    for guess in (uid, "*", "", secret[:-1], secret.swapcase(), hashlib.sha256(secret.encode()).hexdigest()):
        for server in (pair.a, pair.b):
            attacker = Client(http, {**victim.headers, "Mcp-Session-Id": guess})
            assert attacker.ask(server, "ping").status_code == 404
            assert attacker.end(server) == 404
    assert victim.result(pair.b, "ping") == {}


def test_the_sessions_of_the_two_http_transports_are_not_interchangeable(pair: Pair, http: httpx.Client) -> None:
    """The old one has its id in its URL, where logs keep it."""
    client = Client.opened_at(http, pair.a)
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    assert http.post(f"{pair.b.http}/sse?sessionId={client.headers['Mcp-Session-Id']}", json=ping).status_code == 404
    with http.stream("GET", f"{pair.a.http}/sse", headers={"Accept": "text/event-stream"}) as response:
        lines = response.iter_lines()
        old = next(line for line in lines if line.startswith("data:")).rpartition("=")[2]
        assert Client(http, {"Mcp-Session-Id": old}).ask(pair.b, "ping").status_code == 404
        assert http.post(f"{pair.b.http}/sse?sessionId={old}", json=ping).status_code == 202


def test_a_task_is_told_to_nobody_who_does_not_know_its_id(pair: Pair, http: httpx.Client) -> None:
    job = {"name": "slow_compute", "arguments": {"seconds": 1000}}
    task = stateless(http, pair.a, "tools/call", job, **TASKS).json()["result"]["taskId"]
    for guess in (task[:-1], task.swapcase(), "task:" + hashlib.sha256(task.encode()).hexdigest(), "*", ""):
        for method in ("tasks/get", "tasks/cancel", "tasks/update"):
            answer = stateless(http, pair.b, method, {"taskId": guess, "inputResponses": {}}, **TASKS).json()
            assert answer["error"]["code"] in (-32602, -32020), answer
    assert stateless(http, pair.b, "tasks/get", {"taskId": task}, **TASKS).json()["result"]["status"] == "working"
    stateless(http, pair.b, "tasks/cancel", {"taskId": task}, **TASKS)
