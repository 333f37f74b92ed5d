"""Redis is killed and started again under a server that people work with; the server process itself stays."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from tests.processes import Server, server
from tests.redis_server import PrivateRedis
from tests.sessions.client import Client, stateless
from tests.sessions.conftest import CALM
from tests.transports.calls import message

EMMA = "employee@gauzy.local"
TASKS = {"extensions": {"io.modelcontextprotocol/tasks": {}}}
PATIENCE_SECONDS = 20
CALL = {"name": "get_server_info", "arguments": {}}


@pytest.fixture
def live(lone_redis: PrivateRedis) -> Iterator[Server]:
    with server({**CALM, "REDIS_URL": lone_redis.url}, command=("-m", "tests.sessions.serve")) as running:
        yield running
        assert running.process.poll() is None
    assert "Traceback" not in running.logged(), running.logged()


def until(look: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while not look():
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_without_redis_sessions_answer_503_and_go_on_afterwards(
    live: Server, lone_redis: PrivateRedis, http: httpx.Client
) -> None:
    client = Client.opened_at(http, live)
    client.call(live, "login", email=EMMA, password="demo")
    lone_redis.stop()
    for method, params in (("ping", {}), ("tools/list", {}), ("tools/call", CALL)):
        refused = client.ask(live, method, params)
        assert refused.status_code == 503
        assert refused.json()["error"]["code"] == -32603
        assert refused.json()["id"] is not None
    assert client.end(live) == 503
    opening = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {}}
    assert Client(http).ask(live, "initialize", opening).status_code == 503
    with client.listening(live) as events:
        assert events.response.status_code == 503
    lone_redis.start()
    assert client.call(live, "get_auth_status")["email"] == EMMA
    with client.calling(live, "test_hold", label="afterwards") as events:
        events.until("notifications/message")
        client.call(live, "test_release", label="afterwards")
        assert "result" in events.answer()


def test_who_needs_no_session_does_not_notice(live: Server, lone_redis: PrivateRedis, http: httpx.Client) -> None:
    lone_redis.stop()
    for method, params in (("ping", {}), ("tools/list", {}), ("tools/call", CALL)):
        assert "result" in http.post(f"{live.http}/sse", json=message(method, params)).json()
    assert "result" in stateless(http, live, "tools/call", CALL).json()
    assert "result" in http.post(f"{live.http}/sse", json=message("tools/call", {"name": "get_projects"})).json()


def test_an_open_socket_goes_on(live: Server, lone_redis: PrivateRedis) -> None:
    with connect(f"{live.ws}/sse") as socket:

        def ask(method: str, params: dict[str, Any]) -> dict[str, Any]:
            socket.send(json.dumps(message(method, params)))
            return dict(json.loads(socket.recv(timeout=30)))

        login = {"name": "login", "arguments": {"email": EMMA, "password": "demo"}}
        assert "result" in ask("tools/call", login)
        lone_redis.stop()
        assert ask("ping", {})["result"] == {}
        assert "result" in ask("tools/call", CALL)
        lone_redis.start()
        status = ask("tools/call", {"name": "get_auth_status"})["result"]["structuredContent"]
        assert status["email"] == EMMA


def test_a_call_that_streams_is_answered_although_its_events_are_not_kept(
    live: Server, lone_redis: PrivateRedis, http: httpx.Client
) -> None:
    client = Client.opened_at(http, live)
    with client.calling(live, "test_count", to=100) as events:
        events.until("notifications/progress")
        lone_redis.stop()
        assert events.answer()["result"]["structuredContent"] == {"counted": 100}


def test_an_open_stream_closes_and_can_be_opened_again(
    live: Server, lone_redis: PrivateRedis, http: httpx.Client
) -> None:
    client = Client.opened_at(http, live)
    name = client.call(live, "get_session_info")["session"]
    client.result(live, "resources/subscribe", {"uri": f"gauzy://note/{name}"})
    with client.listening(live) as events:
        lone_redis.stop()
        assert events.next() is None
    lone_redis.start()
    with client.listening(live) as events:
        client.call(live, "test_change_note", name=name)
        assert events.until("notifications/resources/updated")


def test_a_task_keeps_its_outcome_for_when_redis_is_back(
    live: Server, lone_redis: PrivateRedis, http: httpx.Client
) -> None:
    job = {"name": "slow_compute", "arguments": {"seconds": 0.5}}
    task = stateless(http, live, "tools/call", job, **TASKS).json()["result"]["taskId"]
    lone_redis.stop()
    until(lambda: "the outcome of a task has to wait" in live.logged())
    lone_redis.start()

    def completed() -> bool:
        told = stateless(http, live, "tasks/get", {"taskId": task}, **TASKS).json()
        assert "result" in told, told
        return bool(told["result"]["status"] == "completed")

    until(completed)


def test_a_redis_that_forgot_everything_makes_clients_begin_anew(
    live: Server, lone_redis: PrivateRedis, http: httpx.Client
) -> None:
    client = Client.opened_at(http, live)
    lone_redis.forget()
    assert client.ask(live, "ping").status_code == 404
    assert Client.opened_at(http, live).result(live, "ping") == {}
    assert "result" in client.http.post(f"{live.http}/sse", json=message("tools/call", CALL)).json()


def test_many_clients_work_through_restarts(live: Server, lone_redis: PrivateRedis, http: httpx.Client) -> None:
    """Each request is answered: by a result, or by 503; and at the end all is as before."""
    clients = [Client.opened_at(http, live) for _ in range(5)]
    for _ in range(3):
        lone_redis.stop()
        answers = [client.ask(live, "tools/call", CALL) for client in clients]
        assert {answer.status_code for answer in answers} == {503}
        lone_redis.start()
        assert [client.ask(live, "tools/call", CALL).status_code for client in clients] == [200] * 5


def test_a_redis_that_hangs_is_given_up_on_in_time(live: Server, lone_redis: PrivateRedis, http: httpx.Client) -> None:
    client = Client.opened_at(http, live)
    with lone_redis.hanging():
        with ThreadPoolExecutor(3) as pool:
            answers = list(pool.map(lambda _: client.ask(live, "tools/call", CALL), range(3)))
        assert {answer.status_code for answer in answers} == {503}
        assert "result" in http.post(f"{live.http}/sse", json=message("tools/call", CALL)).json()
    assert "result" in client.ask(live, "tools/call", CALL).json()
