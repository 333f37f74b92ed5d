"""THROTTLE_ENABLED, THROTTLE_TTL and THROTTLE_LIMIT, with a window that no test outlives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.operations.operators import FIRST_OPERATOR
from tests.operations.sockets import ask, call, socket
from tests.processes import Server, server
from tests.transports.calls import message, post, tool

LIMIT = 12
LOGINS = 10
ON = {"THROTTLE_ENABLED": "true", "THROTTLE_TTL": "3600000", "THROTTLE_LIMIT": str(LIMIT)}
PROXIES = {"MCP_TRUSTED_PROXIES": "127.0.0.1", "MCP_WS_TRUSTED_PROXIES": "127.0.0.1"}
TOO_MANY = -32029
PING = message("ping")


@pytest.fixture(scope="module")
def limited() -> Iterator[Server]:
    """Behind a proxy that is trusted, so that each test is another client."""
    with server({**ON, **PROXIES, **FIRST_OPERATOR}) as running:
        yield running


@pytest.fixture
def address() -> str:
    number = next(_numbers)
    return f"198.51.{number // 250}.{number % 250 + 1}"


_numbers = iter(range(60_000))


@pytest.fixture
def http(limited: Server, address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=limited.http, headers={"X-Forwarded-For": address}, timeout=30) as opened:
        yield opened


def test_http_requests_get_429_and_are_told_when_to_come_back(http: httpx.Client) -> None:
    assert [post(http, "ping").status_code for _ in range(LIMIT)] == [200] * LIMIT
    refused = post(http, "ping")
    assert refused.status_code == 429
    wait = int(refused.headers["Retry-After"])
    assert 0 < wait <= 3600
    assert re.fullmatch(r'"default";r=0;t=\d+', refused.headers["RateLimit"])
    assert refused.headers["RateLimit-Policy"] == f'"default";q={LIMIT};w=3600'
    error = refused.json()["error"]
    assert (error["code"], error["data"]) == (TOO_MANY, {"retryAfter": wait})
    for method, path in (("GET", "/mcp"), ("DELETE", "/mcp"), ("POST", "/sse/session"), ("GET", "/api/schema")):
        assert http.request(method, path).status_code == 429
    assert http.get("/api/schema").headers["RateLimit"]


def test_others_are_not_made_to_wait(limited: Server, http: httpx.Client) -> None:
    for _ in range(LIMIT + 1):
        last = post(http, "ping")
    assert last.status_code == 429
    with httpx.Client(base_url=limited.http, headers={"X-Forwarded-For": "203.0.113.77"}) as other:
        assert post(other, "ping").status_code == 200


def test_nobody_escapes_by_making_up_addresses(http: httpx.Client, address: str) -> None:
    statuses = [
        post(http, "ping", X_Forwarded_For=f"203.0.113.{number}, {address}").status_code for number in range(LIMIT + 3)
    ]
    assert statuses == [200] * LIMIT + [429] * 3


def test_an_ipv6_network_counts_as_one(limited: Server) -> None:
    statuses = [
        httpx.post(
            f"{limited.http}/sse", json=PING, headers={"X-Forwarded-For": f"2001:db8:9:9::{number:x}"}
        ).status_code
        for number in range(1, LIMIT + 2)
    ]
    assert statuses == [200] * LIMIT + [429]


def test_probes_and_preflights_are_not_counted(http: httpx.Client) -> None:
    for _ in range(LIMIT + 1):
        assert http.get("/healthz").status_code == 200
        assert http.get("/metrics").status_code == 200
        assert http.options("/mcp").status_code == 204
    assert post(http, "ping").status_code == 200


def test_messages_on_a_socket_get_an_error_and_the_socket_lives(limited: Server, address: str) -> None:
    with socket(limited.ws, additional_headers={"X-Forwarded-For": address}) as opened:
        answers = [ask(opened, "ping") for _ in range(LIMIT + 2)]
        assert ["result" in answer for answer in answers] == [True] * LIMIT + [False] * 2
        assert answers[-1]["error"]["code"] == TOO_MANY
        assert answers[-1]["error"]["data"]["retryAfter"] > 0
        opened.send(json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}))
        assert ask(opened, "ping")["error"]["code"] == TOO_MANY


def test_upgrades_are_refused_before_they_cost_anything(limited: Server, address: str) -> None:
    named = {"additional_headers": {"X-Forwarded-For": address}}
    for _ in range(LIMIT):
        with socket(limited.ws, **named):
            pass
    with pytest.raises(InvalidStatus) as refused, socket(limited.ws, **named):
        pass
    assert refused.value.response.status_code in (403, 429)
    with socket(limited.ws, additional_headers={"X-Forwarded-For": "203.0.113.78"}):
        pass


def test_passwords_cannot_be_tried_by_the_login_tool(address: str) -> None:
    """Fewer than requests: those of this server are many."""
    with (
        server({**ON, "THROTTLE_LIMIT": "1000"}) as running,
        socket(running.ws) as opened,
        httpx.Client(base_url=running.http, timeout=30) as http,
    ):
        wrong = {"email": "demo@gauzy.local", "password": "wrong"}
        told = [tool(http, "login", wrong).json()["result"]["content"][0]["text"] for _ in range(LOGINS + 1)]
        assert ["Too many" in text for text in told] == [False] * LOGINS + [True]
        assert "Too many" in call(opened, "login", email="demo@gauzy.local", password="demo")["content"][0]["text"]
        assert post(http, "ping").status_code == 200


def test_passwords_cannot_be_tried_at_the_admin() -> None:
    with (
        server({**ON, **FIRST_OPERATOR, "THROTTLE_LIMIT": "1000", "MCP_TRANSPORT": "http"}) as running,
        httpx.Client(base_url=running.http, timeout=30) as http,
    ):
        token = re.search(r'value="(\w{64})"', http.get("/admin/login/").text)
        assert token is not None
        form = {"username": "operator", "password": "wrong", "csrfmiddlewaretoken": token[1]}
        headers = {"Referer": running.http}
        statuses = [http.post("/admin/login/", data=form, headers=headers).status_code for _ in range(LOGINS + 1)]
        assert statuses == [200] * LOGINS + [429]
        assert http.get("/admin/login/").status_code == 200


@pytest.mark.parametrize(
    ("extra", "expected"),
    [({}, 200), ({"THROTTLE_ENABLED": "true"}, 429)],
    ids=["off on this machine alone", "on when asked for"],
)
def test_the_default(extra: dict[str, str], expected: int) -> None:
    unset = {"THROTTLE_ENABLED": "", "THROTTLE_LIMIT": "3", "MCP_TRANSPORT": "http"}
    with server({**unset, **extra}) as running, httpx.Client(base_url=running.http) as http:
        assert [post(http, "ping").status_code for _ in range(4)] == [200] * 3 + [expected]


def test_what_others_can_reach_is_limited_by_default() -> None:
    open_to_all = {"THROTTLE_ENABLED": "", "THROTTLE_LIMIT": "3", "MCP_ALLOW_INSECURE": "true"}
    with server({**open_to_all, "MCP_TRANSPORT": "http", "MCP_HTTP_HOST": "0.0.0.0"}) as running:
        port = running.urls["HTTP"].rsplit(":", 1)[1].split("/")[0]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as http:
            assert [post(http, "ping").status_code for _ in range(4)] == [200] * 3 + [429]
