"""Attack groups 64, 65 and 67: tokens that expire or are revoked while a socket is open, and other people's tokens."""

from __future__ import annotations

import time

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from tests.oauth.knocking import ask, bearer, is_refused, knock, open_session, opened
from tests.oauth.sockets import PAGE, dial, exchange
from tests.oauth.stand_in import StandIn
from tests.processes import Server
from tests.transports.calls import message

UNAUTHORIZED = 4401
BOTH = "application/json, text/event-stream"


def closed_with(socket: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            socket.recv(timeout=30)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


def test_group_64_a_socket_ends_with_its_token(live: Server, issuer: StandIn) -> None:
    # Thirty seconds of leeway, of which three are left.
    token = issuer.token(exp=int(time.time()) - 27)
    with dial(live, additional_headers=bearer(token)) as socket:
        assert exchange(socket, "ping")["result"] == {}
        assert closed_with(socket) == UNAUTHORIZED
    with dial(live, additional_headers=bearer(issuer.token())) as socket:
        assert exchange(socket, "ping")["result"] == {}, "a new token is a new connection"


def test_group_64_a_stream_of_http_ends_with_its_token(client: httpx.Client, issuer: StandIn) -> None:
    session = open_session(client, issuer.token())
    headers = {**session, **bearer(issuer.token(exp=int(time.time()) - 27)), "Accept": "text/event-stream"}
    with client.stream("GET", "/mcp", headers=headers) as stream:
        assert stream.status_code == 200
        assert isinstance(stream.read(), bytes), "it comes to an end, and is whole"
    assert client.get("/mcp", headers=headers).status_code == 401
    ping = client.post("/mcp", json=message("ping"), headers={**headers, **bearer(issuer.token()), "Accept": BOTH})
    assert ping.status_code == 200, "the session goes on with another token"


def test_group_65_a_socket_ends_when_its_token_is_revoked(own_issuer: StandIn) -> None:
    environment = own_issuer.environment(**own_issuer.introspecting(MCP_AUTH_TOKEN_CACHE_TTL="1"))
    with opened(environment) as (running, _):
        token, other = own_issuer.opaque(), own_issuer.opaque(sub="bob")
        with (
            dial(running, additional_headers=bearer(token)) as socket,
            dial(running, additional_headers=bearer(other)) as unconcerned,
        ):
            assert exchange(socket, "ping")["result"] == {}
            own_issuer.active[token] = {"active": False}
            assert closed_with(socket) == UNAUTHORIZED
            assert exchange(unconcerned, "ping")["result"] == {}


def test_group_65_news_of_a_revocation_close_it_at_once(own_issuer: StandIn, redis_url: str) -> None:
    """Another process finds out; the next regular look would be a minute away."""
    shared = {"REDIS_URL": redis_url, "MCP_SECRET_KEY": "a" * 64}
    trusting = own_issuer.environment(**own_issuer.introspecting(MCP_AUTH_TOKEN_CACHE_TTL="3600"), **shared)
    asking = trusting | {"MCP_AUTH_TOKEN_CACHE_TTL": "0"}
    with opened(trusting) as (running, _), opened(asking) as (_, elsewhere):
        token = own_issuer.opaque()
        with dial(running, additional_headers=bearer(token)) as socket:
            assert exchange(socket, "ping")["result"] == {}
            own_issuer.active.clear()
            assert is_refused(knock(elsewhere, token))
            assert closed_with(socket) == UNAUTHORIZED


def test_group_65_an_issuer_that_is_away_does_not_close_it(own_issuer: StandIn) -> None:
    environment = own_issuer.environment(**own_issuer.introspecting(MCP_AUTH_TOKEN_CACHE_TTL="1"))
    with opened(environment) as (running, client):
        token = own_issuer.opaque()
        with dial(running, additional_headers=bearer(token)) as socket:
            own_issuer.stop()
            ends = time.time() + 20
            while knock(client, token).status_code != 503:
                assert time.time() < ends
            assert exchange(socket, "ping")["result"] == {}
            own_issuer.restart()
            own_issuer.active.clear()
            assert closed_with(socket) == UNAUTHORIZED


def test_group_67_a_live_socket_keeps_its_own_principal(live: Server, client: httpx.Client, issuer: StandIn) -> None:
    """A browser's cookie of somebody else resumes nothing, and no message changes whose the socket is."""
    session = open_session(client, issuer.token(sub="alice"))["Mcp-Session-Id"]
    cookie = {"Cookie": f"mcp-ws-session-id={session}"}
    info = {"name": "get_session_info", "arguments": {}}

    def session_of(token: str) -> str:
        with dial(live, additional_headers={**cookie, **bearer(token)}, origin=PAGE) as socket:
            return str(exchange(socket, "tools/call", info)["result"]["structuredContent"]["session"])

    alice = session_of(issuer.token(sub="alice"))
    bob = session_of(issuer.token(sub="bob"))
    assert alice == session_of(issuer.token(sub="alice")), "her own session is resumed"
    assert bob != alice
    weaker = issuer.token(sub="alice", scope="mcp.read")
    with dial(live, additional_headers={**cookie, **bearer(weaker)}, origin=PAGE) as socket:
        error = exchange(socket, "tools/call", {"name": "create_task", "arguments": {"title": "x"}})["error"]
        assert error["data"]["error"] == "insufficient_scope", "the session lends no scope"
    assert is_refused(ask(client, "ping", token="a.b.c"))
