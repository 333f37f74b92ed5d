"""Two processes on one Redis and one PostgreSQL."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pytest

from tests.operations.conftest import HOLDING
from tests.operations.operators import FIRST_OPERATOR, Operator
from tests.operations.places import History, postgres
from tests.operations.sockets import call, closing, initialize, name_of, socket
from tests.processes import Server, server
from tests.redis_server import private
from tests.sessions.client import Client, stateless
from tests.transports.calls import post

SECRET = {"MCP_SECRET_KEY": "a-secret-that-both-processes-share"}
LIMIT = 40


@dataclass(frozen=True)
class Deployment:
    """Each process has a home of its own, as two machines would."""

    a: Server
    b: Server
    history: History


@contextlib.contextmanager
def deployed(**extra: str) -> Iterator[Deployment]:
    with private() as redis, postgres() as url:
        shared = {**SECRET, **FIRST_OPERATOR, **extra, "REDIS_URL": redis.url, "DATABASE_URL": url}
        with server(shared, command=HOLDING) as a, server(shared, command=HOLDING) as b:
            yield Deployment(a, b, History(url))
            for one in (a, b):
                assert " ERROR " not in one.logged(), one.logged()


@pytest.fixture(scope="module")
def two() -> Iterator[Deployment]:
    with deployed() as both:
        yield both


@pytest.fixture(scope="module")
def operator_at_b(two: Deployment) -> Iterator[Operator]:
    with Operator(two.b.http) as signed_in:
        yield signed_in


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=30) as opened:
        yield opened


def test_a_socket_open_at_one_is_closed_from_the_other(two: Deployment, operator_at_b: Operator) -> None:
    with socket(two.a.ws) as opened, socket(two.a.ws) as other:
        initialize(opened)
        name = name_of(opened)
        two.history.session(name, transport="websocket")
        operator_at_b.terminate(name)
        assert closing(opened) == 4001
        assert call(other, "get_server_info")
    assert two.history.session(name, state="terminated")["in_flight"] == 0


def test_a_session_used_at_one_is_gone_when_the_other_ended_it(
    two: Deployment, operator_at_b: Operator, http: httpx.Client
) -> None:
    client = Client.opened_at(http, two.a)
    name = client.call(two.a, "get_session_info")["session"]
    two.history.session(name)
    with client.listening(two.a) as events:
        operator_at_b.terminate(name)
        assert events.next() is None
    for one in (two.a, two.b):
        assert client.ask(one, "ping").status_code == 404
    assert two.history.session(name, state="terminated")


def test_a_call_running_at_one_is_cancelled_from_the_other(
    two: Deployment, operator_at_b: Operator, http: httpx.Client
) -> None:
    client, witness = Client.opened_at(http, two.a), Client.opened_at(http, two.a)
    name = client.call(two.a, "get_session_info")["session"]
    with client.calling(two.a, "test_hold", label=name) as events:
        events.until("notifications/message")
        two.history.session(name, in_flight=1)
        operator_at_b.terminate(name)
        assert list(events) == []
    assert witness.call(two.a, "test_outcome", label=name) == {"outcome": "cancelled"}


def test_calls_of_one_session_at_both_are_one_history(two: Deployment, http: httpx.Client) -> None:
    client = Client.opened_at(http, two.a)
    name = client.call(two.a, "get_session_info")["session"]

    def one_call(number: int) -> None:
        client.call((two.a, two.b)[number % 2], "get_server_info")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one_call, range(60)))
    assert two.history.session(name, calls=61, in_flight=0)["errors"] == 0


def test_a_caller_without_a_session_is_one_visitor_of_both(two: Deployment, http: httpx.Client) -> None:
    def one_call(number: int) -> int:
        return stateless(http, (two.a, two.b)[number % 2], "tools/call", {"name": "get_server_info"}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(one_call, range(60))) == {200}
    rows = two.history.until(
        two.history.sessions, lambda rows: sum(row["calls"] for row in rows if row["visitor"]) == 60
    )
    assert len([row for row in rows if row["visitor"]]) == 1


def test_what_spoils_postgresql_spoils_no_history(two: Deployment, http: httpx.Client) -> None:
    """A text of PostgreSQL holds no NUL."""
    name = "nul \x00 in it"
    params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": name, "version": "\x00"}}
    assert Client(http).ask(two.a, "initialize", params).status_code == 200
    rows = two.history.until(two.history.sessions, lambda rows: any("nul" in row["client_name"] for row in rows))
    assert [row["client_name"] for row in rows if "nul" in row["client_name"]] == ["nul � in it"]


def test_requests_at_both_count_as_one_to_the_last_one() -> None:
    """Exactly as many as there may be get through, however the two are asked."""
    on = {"THROTTLE_ENABLED": "true", "THROTTLE_TTL": "3600000", "THROTTLE_LIMIT": str(LIMIT)}
    with (
        deployed(**on) as both,
        httpx.Client(base_url=both.a.http, timeout=30) as a,
        httpx.Client(base_url=both.b.http, timeout=30) as b,
    ):
        with ThreadPoolExecutor(8) as pool:
            asked = pool.map(lambda number: post((a, b)[number % 2], "ping").status_code, range(2 * LIMIT))
        assert Counter(asked) == {200: LIMIT, 429: LIMIT}
        assert {post(one, "ping").status_code for one in (a, b)} == {429}
