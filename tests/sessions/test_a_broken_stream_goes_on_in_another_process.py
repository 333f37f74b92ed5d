from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.redis_server import shared_url
from tests.sessions.client import Client, Event, stateless
from tests.sessions.conftest import Pair, serving

TASKS = {"extensions": {"io.modelcontextprotocol/tasks": {}}}


def test_a_client_that_lost_its_connection_reads_the_rest_elsewhere(pair: Pair, http: httpx.Client) -> None:
    client = Client.opened_at(http, pair.a)
    with client.calling(pair.a, "test_hold", label="left alone") as events:
        seen = events.until("notifications/message")
    client.call(pair.a, "test_release", label="left alone")
    for server in (pair.b, pair.a, pair.b):
        with client.listening(server, after=seen.id) as events:
            rest = list(events)
        assert [event.message.get("result", {}).get("structuredContent") for event in rest] == [{"outcome": "released"}]


def test_who_comes_back_early_waits_for_the_rest(pair: Pair, http: httpx.Client) -> None:
    client = Client.opened_at(http, pair.a)
    with client.calling(pair.a, "test_count", to=200) as events:
        seen = [events.until("notifications/progress") for _ in range(5)]
    with client.listening(pair.b, after=seen[-1].id) as events:
        rest = list(events)
    assert numbers([*seen, *rest]) == list(range(1, 201))
    assert rest[-1].message["result"]["structuredContent"] == {"counted": 200}


def test_a_question_can_be_read_and_answered_after_the_connection_broke(pair: Pair, http: httpx.Client) -> None:
    client = Client.opened_at(http, pair.a, elicitation={"form": {}})
    with client.calling(pair.a, "test_streaming_elicitation") as events:
        asked = events.until("elicitation/create")
        beginning = asked.id.rpartition(":")[0] + ":0-0"
    with client.listening(pair.b, after=beginning) as events:
        question = events.until("elicitation/create")
        assert question == asked
        answer = {"action": "accept", "content": {"name": "Marco"}}
        client.post(pair.a, {"jsonrpc": "2.0", "id": question.message["id"], "result": answer})
        assert events.answer()["result"]["content"] == [{"type": "text", "text": "Marco"}]


@pytest.fixture
def doomed(tmp_path: Path) -> Iterator[Pair]:
    with serving(shared_url(), tmp_path) as made:
        yield made


def test_a_killed_process_loses_no_event_and_its_call_ends_as_interrupted(doomed: Pair, http: httpx.Client) -> None:
    """Both the stream and the task of the killed process end when its lease has run out, and not before."""
    client = Client.opened_at(http, doomed.a)
    with client.calling(doomed.a, "test_count", request_id="counted", to=1_000_000) as events:
        seen = [events.until("notifications/progress") for _ in range(20)]
        task = stateless(http, doomed.a, "tools/call", slow(), **TASKS).json()["result"]["taskId"]
        doomed.a.process.kill()
        doomed.a.process.wait()
        seen += until_broken(events)
    assert client.result(doomed.b, "ping") == {}
    with client.listening(doomed.b, after=seen[-1].id) as events:
        rest = list(events)
    assert numbers([*seen, *rest]) == list(range(1, len(seen) + len(rest)))
    assert len({event.id for event in (*seen, *rest)}) == len(seen) + len(rest)
    end = rest[-1].message
    assert (end["id"], end["error"]["code"]) == ("counted", -32603)
    assert "nterrupted" in end["error"]["message"]
    told = stateless(http, doomed.b, "tasks/get", {"taskId": task}, **TASKS).json()["result"]
    assert (told["status"], told["error"]["code"]) == ("failed", -32603)
    again = {"jsonrpc": "2.0", "id": "counted", "method": "tools/call", "params": {"name": "get_server_info"}}
    assert "result" in client.post(doomed.b, again).json()


def slow() -> dict[str, object]:
    return {"name": "slow_compute", "arguments": {"seconds": 1000}}


def numbers(events: list[Event]) -> list[int]:
    return [event.message["params"]["progress"] for event in events if "params" in event.message]


def until_broken(events: Iterator[Event] | object) -> list[Event]:
    """What was still on its way when the connection broke."""
    read: list[Event] = []
    try:
        read.extend(iter(events))  # type: ignore[call-overload]
    except httpx.TransportError:
        return read
    return read
