from __future__ import annotations

import json
import time

import httpx

from tests.processes import Server
from tests.sessions.client import Client
from tests.sessions.conftest import Pair


def test_a_session_opened_at_one_is_used_at_the_other(pair: Pair, http: httpx.Client) -> None:
    client = Client.opened_at(http, pair.a)
    assert client.result(pair.b, "ping") == {}
    here, there = client.call(pair.a, "get_session_info"), client.call(pair.b, "get_session_info")
    assert here["session"] == there["session"]
    assert there["client"] == {"name": "t", "version": "1"}
    assert there["protocolVersion"] == "2025-11-25"


def test_what_a_session_chose_holds_everywhere(pair: Pair, http: httpx.Client) -> None:
    """Its log level, here: at ``error`` a call that says ``info`` is answered without a stream."""
    client = Client.opened_at(http, pair.a)
    with client.calling(pair.b, "test_hold", label="loud") as events:
        assert events.until("notifications/message").message["params"]["data"] == "begun"
        client.call(pair.b, "test_release", label="loud")
        assert events.answer()["result"]["structuredContent"] == {"outcome": "released"}
    client.result(pair.a, "logging/setLevel", {"level": "error"})
    client.call(pair.b, "test_release", label="quiet")
    assert client.call(pair.b, "test_hold", label="quiet") == {"outcome": "released"}


def test_a_session_ended_at_one_is_gone_at_the_other_and_its_stream_closes(pair: Pair, http: httpx.Client) -> None:
    client = Client.opened_at(http, pair.a)
    with client.listening(pair.a) as events:
        assert client.end(pair.b) == 204
        assert events.next() is None
    for server in (pair.a, pair.b):
        gone = client.ask(server, "ping")
        assert gone.status_code == 404
        assert gone.json()["id"] is not None
    assert client.end(pair.a) == 404


def test_a_session_that_ends_takes_its_running_calls_along(pair: Pair, http: httpx.Client) -> None:
    client, witness = Client.opened_at(http, pair.a), Client.opened_at(http, pair.a)
    with client.calling(pair.a, "test_hold", label="doomed") as events:
        events.until("notifications/message")
        assert client.end(pair.b) == 204
        assert list(events) == []
    assert witness.call(pair.a, "test_outcome", label="doomed") == {"outcome": "cancelled"}


def test_one_stream_of_a_session_is_open_at_a_time(pair: Pair, http: httpx.Client) -> None:
    """So a message goes to one stream only (2025-11-25 page basic/transports)."""
    client = Client.opened_at(http, pair.a)
    with client.listening(pair.a) as first, client.listening(pair.b) as second:
        assert first.next() is None
        assert client.end(pair.a) == 204
        assert second.next() is None


def test_an_id_that_runs_at_one_is_refused_at_the_other(pair: Pair, http: httpx.Client) -> None:
    client = Client.opened_at(http, pair.a)
    with client.calling(pair.a, "test_hold", request_id="same", label="first") as events:
        events.until("notifications/message")
        for server in (pair.a, pair.b):
            arguments = {"name": "test_hold", "arguments": {"label": "first"}}
            twice = client.post(
                server, {"jsonrpc": "2.0", "id": "same", "method": "tools/call", "params": arguments}
            ).json()
            assert (twice["id"], twice["error"]["code"]) == ("same", -32600)
        client.call(pair.a, "test_release", label="first")
        assert events.answer()["result"]["structuredContent"] == {"outcome": "released"}


def test_an_id_may_come_again_once_it_is_answered(pair: Pair, http: httpx.Client) -> None:
    client = Client.opened_at(http, pair.a)
    call = {"name": "get_server_info", "arguments": {}}
    for server in (pair.a, pair.b) * 10:
        answer = client.post(server, {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call})
        assert "result" in answer.json(), answer.text


def test_a_call_is_cancelled_through_the_other_process(pair: Pair, http: httpx.Client) -> None:
    client = Client.opened_at(http, pair.a)
    with client.calling(pair.a, "test_hold", request_id=77, label="cancelled elsewhere") as events:
        events.until("notifications/message")
        client.notify(pair.b, "notifications/cancelled", requestId=77)
        assert list(events) == []
    assert client.call(pair.a, "test_outcome", label="cancelled elsewhere") == {"outcome": "cancelled"}


def test_a_question_asked_at_one_is_answered_through_the_other(pair: Pair, http: httpx.Client) -> None:
    client = Client.opened_at(http, pair.a, elicitation={"form": {}})
    with client.calling(pair.a, "test_streaming_elicitation") as events:
        question = events.until("elicitation/create").message
        answer = {"action": "accept", "content": {"name": "Emma"}}
        assert client.post(pair.b, {"jsonrpc": "2.0", "id": question["id"], "result": answer}).status_code == 202
        assert events.answer()["result"]["content"] == [{"type": "text", "text": "Emma"}]


def test_a_change_made_at_one_is_heard_on_the_stream_at_the_other(pair: Pair, http: httpx.Client) -> None:
    listener, writer = Client.opened_at(http, pair.a), Client.opened_at(http, pair.b)
    uri = f"gauzy://note/{listener.call(pair.a, 'get_session_info')['session']}"
    listener.result(pair.b, "resources/subscribe", {"uri": uri})
    with listener.listening(pair.a) as events:
        writer.call(pair.b, "test_change_note", name="another")
        writer.call(pair.b, "test_change_note", name=uri.rpartition("/")[2])
        assert events.until("notifications/resources/updated").message["params"] == {"uri": uri}
        listener.result(pair.a, "resources/unsubscribe", {"uri": uri})
        writer.call(pair.b, "test_change_note", name=uri.rpartition("/")[2])
        assert listener.end(pair.b) == 204
        assert events.next() is None


def test_what_happened_while_nobody_listened_is_read_elsewhere_afterwards(pair: Pair, http: httpx.Client) -> None:
    client = Client.opened_at(http, pair.a)
    name = client.call(pair.a, "get_session_info")["session"]
    client.result(pair.a, "resources/subscribe", {"uri": f"gauzy://note/{name}"})
    with client.listening(pair.a) as events:
        client.call(pair.a, "test_change_note", name=name)
        seen = events.until("notifications/resources/updated")
    for _ in range(3):
        client.call(pair.b, "test_change_note", name=name)
    with client.listening(pair.b, after=seen.id) as events:
        missed = [events.until("notifications/resources/updated").id for _ in range(3)]
    assert len({seen.id, *missed}) == 4


def test_the_old_transport_answers_on_its_stream_wherever_messages_are_posted(pair: Pair, http: httpx.Client) -> None:
    """HTTP with SSE of 2024-11-05."""
    with http.stream("GET", f"{pair.a.http}/sse", headers={"Accept": "text/event-stream"}) as response:
        lines = response.iter_lines()
        address = next(line for line in lines if line.startswith("data:")).removeprefix("data: ")
        for number, server in enumerate((pair.b, pair.a, pair.b)):
            call = {"name": "get_server_info", "arguments": {}}
            posted = {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": call}
            assert http.post(f"{server.http}{address}", json=posted).status_code == 202
            answer = json.loads(next(line for line in lines if line.startswith("data:")).removeprefix("data: "))
            assert (answer["id"], "result" in answer) == (number, True)
    assert_gone(http, pair.b, address)


def assert_gone(http: httpx.Client, server: Server, address: str) -> None:
    """The stream is the session, so it ends a moment after its client left."""
    ends = time.monotonic() + 20
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    while http.post(f"{server.http}{address}", json=ping).status_code != 404:
        assert time.monotonic() < ends
