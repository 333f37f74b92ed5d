from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.processes import Server
from tests.sessions.conftest import ORIGIN, Pair
from tests.transports.calls import message

EMMA = "employee@gauzy.local"


def socket(server: Server, cookies: dict[str, str], origin: str | None = ORIGIN) -> ClientConnection:
    """A WebSocket as a browser opens it from a page at ``origin``; None stands for a program."""
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return connect(f"{server.ws}/sse", origin=origin, additional_headers={"Cookie": cookie}, subprotocols=["mcp"])  # type: ignore[arg-type]


def ask(connection: ClientConnection, name: str, **arguments: Any) -> dict[str, Any]:
    connection.send(json.dumps(message("tools/call", {"name": name, "arguments": arguments})))
    return dict(json.loads(connection.recv(timeout=30))["result"]["structuredContent"])


@pytest.fixture
def page(pair: Pair, http: httpx.Client) -> dict[str, str]:
    """The cookies of a browser that signed in at the first process."""
    arguments = {"email": EMMA, "password": "demo"}
    call = message("tools/call", {"name": "login", "arguments": arguments})
    answer = http.post(f"{pair.a.http}/sse", json=call, headers={"Origin": ORIGIN})
    assert answer.json()["result"]["structuredContent"]["email"] == EMMA
    cookies = dict(answer.cookies)
    http.cookies.clear()
    assert len(cookies) == 2
    return cookies


def test_a_socket_elsewhere_acts_as_the_account_of_the_page(pair: Pair, page: dict[str, str]) -> None:
    for server in (pair.b, pair.a):
        with socket(server, page) as connection:
            status = ask(connection, "get_auth_status")
            assert (status["email"], status["source"]) == (EMMA, "session")


def test_the_cookie_of_http_alone_does_not_open_a_socket(pair: Pair, page: dict[str, str]) -> None:
    with socket(pair.b, {"mcp-session-id": page["mcp-session-id"]}) as connection:
        assert ask(connection, "get_auth_status")["source"] == "shared"


def test_without_an_origin_the_cookie_does_not_count(pair: Pair, page: dict[str, str]) -> None:
    with socket(pair.b, page, origin=None) as connection:
        assert ask(connection, "get_auth_status")["source"] == "shared"


@pytest.mark.parametrize("origin", ["https://evil.example.com", "null", f"{ORIGIN}.evil.example.com"])
def test_a_page_of_another_origin_gets_no_socket(pair: Pair, page: dict[str, str], origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused, socket(pair.b, page, origin):
        pass
    assert refused.value.response.status_code in (400, 403)


def test_a_session_that_ended_elsewhere_closes_its_sockets(
    pair: Pair, page: dict[str, str], http: httpx.Client
) -> None:
    with socket(pair.b, page) as connection:
        assert ask(connection, "get_auth_status")["email"] == EMMA
        ended = http.delete(f"{pair.a.http}/mcp", headers={"Mcp-Session-Id": page["mcp-session-id"]})
        assert ended.status_code == 204
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv(timeout=30)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4001
    with pytest.raises(InvalidStatus) as refused, socket(pair.b, page):
        pass
    assert refused.value.response.status_code == 404


def test_a_socket_that_closes_does_not_end_the_session_of_the_page(
    pair: Pair, page: dict[str, str], http: httpx.Client
) -> None:
    with socket(pair.b, page) as connection:
        ask(connection, "get_auth_status")
    call = message("tools/call", {"name": "get_auth_status", "arguments": {}})
    cookie = "; ".join(f"{name}={value}" for name, value in page.items())
    answer = http.post(f"{pair.a.http}/sse", json=call, headers={"Origin": ORIGIN, "Cookie": cookie})
    assert answer.json()["result"]["structuredContent"]["email"] == EMMA


def test_a_sign_out_of_the_page_reaches_its_socket(pair: Pair, page: dict[str, str], http: httpx.Client) -> None:
    with socket(pair.b, page) as connection:
        assert ask(connection, "get_auth_status")["email"] == EMMA
        call = message("tools/call", {"name": "logout", "arguments": {}})
        http.post(f"{pair.a.http}/sse", json=call, headers={"Mcp-Session-Id": page["mcp-session-id"]})
        assert ask(connection, "get_auth_status")["source"] == "shared"
