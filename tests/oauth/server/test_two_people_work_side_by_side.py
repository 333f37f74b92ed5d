"""Two people signed in at once, each with their own Gauzy data, over HTTP and WebSocket, at two processes.

The processes share Redis and PostgreSQL, as in production.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.places import Pair
from tests.oauth.server.using import bearer, call, status_of
from tests.processes import Server

PEOPLE = ("demo@gauzy.local", "employee@gauzy.local")


def test_each_sees_their_own_at_both_processes(pair: Pair) -> None:
    with Person(pair.first) as ann, Person(pair.second) as bob:
        bob.base, bob.browser.base_url = ann.base, ann.browser.base_url
        ann.sign_in(email=PEOPLE[0])
        bob.sign_in(email=PEOPLE[1])
        client = OAuthClient.registered(ann.base)
        held = {email: client.tokens(person) for email, person in zip(PEOPLE, (ann, bob), strict=True)}

        def asks(number: int) -> tuple[str, str]:
            email = PEOPLE[number % 2]
            token, at = held[email]["access_token"], (pair.first, pair.second)[number // 2 % 2]
            over = over_websocket if number % 3 else over_http
            return email, str(over(at, token)["email"])

        with ThreadPoolExecutor(8) as pool:
            assert all(email == told for email, told in pool.map(asks, range(48)))

        gone, stays = held[PEOPLE[0]], held[PEOPLE[1]]
        with ExitStack() as open_sockets:
            ended, others = (
                [open_sockets.enter_context(_socket(at, person["access_token"])) for at in pair.both]
                for person in (gone, stays)
            )
            assert [ask(socket)["email"] for socket in ended] == [PEOPLE[0]] * 2
            assert client.revoke(gone["refresh_token"]).status_code == 200
            assert [_closed_with(socket) for socket in ended] == [4401] * 2
            assert [ask(socket)["email"] for socket in others] == [PEOPLE[1]] * 2, "the other goes on"
        for at in pair.both:
            assert status_of(at.http, gone["access_token"]) == 401
            assert status_of(at.http, stays["access_token"]) == 200


def over_http(at: Server, token: str) -> dict[str, Any]:
    answer = call(at.http, token, "get_current_user")
    content: dict[str, Any] = answer.json()["result"]["structuredContent"]
    return content


def over_websocket(at: Server, token: str) -> dict[str, Any]:
    with _socket(at, token) as socket:
        return ask(socket)


def ask(socket: ClientConnection) -> dict[str, Any]:
    params = {"name": "get_current_user", "arguments": {}}
    socket.send(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}))
    content: dict[str, Any] = json.loads(socket.recv(timeout=30))["result"]["structuredContent"]
    return content


def _socket(at: Server, token: str) -> ClientConnection:
    return connect(f"{at.ws}/sse", additional_headers=bearer(token), open_timeout=30)


def _closed_with(socket: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            socket.recv(timeout=30)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code
