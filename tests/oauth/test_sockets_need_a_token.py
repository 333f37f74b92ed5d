"""Attack groups 60 to 63 and 66: upgrades without a token, from foreign pages, and where the token may stand."""

from __future__ import annotations

from typing import Any

import pytest
from websockets.exceptions import InvalidHandshake, InvalidStatus, NegotiationError

from tests.oauth.knocking import bearer
from tests.oauth.sockets import PAGE, dial, exchange
from tests.oauth.stand_in import StandIn
from tests.processes import Server


def refused_with(live: Server, path: str = "/sse", **options: Any) -> int:
    with pytest.raises(InvalidStatus) as refused, dial(live, path, **options):
        pass
    return refused.value.response.status_code


def test_group_60_without_a_token_there_is_no_socket(live: Server) -> None:
    for path in ("/sse", "/mcp"):
        assert refused_with(live, path) == 401
        assert refused_with(live, path, subprotocols=["mcp"]) == 401
    assert refused_with(live, additional_headers={"Authorization": "Basic YTpi"}) == 401
    assert refused_with(live, additional_headers=bearer("a.b.c")) == 401


def test_group_21_a_token_that_is_too_long_opens_no_socket(live: Server) -> None:
    for options in ({"additional_headers": bearer("a" * 8193)}, {"subprotocols": ["mcp", f"bearer.{'a' * 8193}"]}):
        assert refused_with(live, **options) == 401


def test_group_23_several_credentials_open_no_socket(live: Server, issuer: StandIn) -> None:
    token, other = issuer.token(), issuer.token(sub="bob")
    for second in (token, other, "x"):
        headers = [("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {second}")]
        assert refused_with(live, additional_headers=headers) == 400


def test_a_token_in_the_header_opens(live: Server, issuer: StandIn) -> None:
    with dial(live, additional_headers=bearer(issuer.token()), subprotocols=["mcp"]) as socket:
        assert socket.subprotocol == "mcp"
        assert exchange(socket, "ping")["result"] == {}


def test_a_browser_offers_it_beside_the_protocol(live: Server, issuer: StandIn) -> None:
    with dial(live, subprotocols=["mcp", f"bearer.{issuer.token()}"], origin=PAGE) as socket:
        assert socket.subprotocol == "mcp"
        assert not exchange(socket, "tools/call", {"name": "get_projects", "arguments": {}})["result"].get("isError")


def test_group_61_a_token_in_the_query_is_not_looked_at(live: Server, issuer: StandIn) -> None:
    for name in ("access_token", "token", "bearer", "authorization"):
        assert refused_with(live, f"/sse?{name}={issuer.token()}") == 401


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example", "null", "https://app.example.com.evil.example", "http://app.example.com",
        "https://app.example.com:8443", "https://evilapp.example.com", "https://app.example.com@evil.example",
    ],
)  # fmt: skip
def test_group_62_a_foreign_page_gets_no_socket_even_with_a_token(live: Server, issuer: StandIn, origin: str) -> None:
    # daphne itself answers 400 to an origin that is none.
    assert refused_with(live, additional_headers=bearer(issuer.token()), origin=origin) in (400, 403)
    assert refused_with(live, subprotocols=["mcp", f"bearer.{issuer.token()}"], origin=origin) in (400, 403)


def test_group_62_a_cookie_alone_opens_nothing(live: Server) -> None:
    for origin in (PAGE, None):
        cookie = {"Cookie": "mcp-ws-session-id=x; mcp-session-id=x"}
        assert refused_with(live, additional_headers=cookie, origin=origin) == 401


def test_group_62_a_program_needs_no_origin(live: Server, issuer: StandIn) -> None:
    with dial(live, additional_headers=bearer(issuer.token())) as socket:
        assert exchange(socket, "ping")["result"] == {}


def test_group_63_the_token_is_never_given_back_nor_written_down(live: Server, issuer: StandIn) -> None:
    token = issuer.token()
    with dial(live, subprotocols=["mcp", f"bearer.{token}"]) as socket:
        assert socket.response is not None and token not in str(socket.response.headers)
    # Whoever offers nothing else gets no protocol at all: the client library takes that as it likes.
    try:
        with dial(live, subprotocols=[f"bearer.{token}"]) as socket:
            assert socket.subprotocol is None
    except (NegotiationError, InvalidHandshake):
        pass
    assert token not in live.logged() and token.split(".")[2] not in live.logged()


def test_two_tokens_that_differ_are_none(live: Server, issuer: StandIn) -> None:
    one, other = issuer.token(), issuer.token(sub="bob")
    assert refused_with(live, additional_headers=bearer(one), subprotocols=["mcp", f"bearer.{other}"]) == 400
    assert refused_with(live, subprotocols=["mcp", f"bearer.{one}", f"bearer.{other}"]) == 400
    with dial(live, additional_headers=bearer(one), subprotocols=["mcp", f"bearer.{one}"]) as socket:
        assert exchange(socket, "ping")["result"] == {}


def test_group_66_no_socket_waits_for_a_token_in_a_message(live: Server) -> None:
    """Nothing is accepted before the token is checked, so nobody can keep an unauthenticated socket open."""
    assert refused_with(live) == 401
    opened = [line for line in live.logged().splitlines() if "websocket opened" in line]
    assert all("resumed=" in line for line in opened)


def test_a_scope_that_is_missing_is_told_on_the_socket_which_lives_on(live: Server, issuer: StandIn) -> None:
    with dial(live, additional_headers=bearer(issuer.token(scope="mcp.read"))) as socket:
        error = exchange(socket, "tools/call", {"name": "create_task", "arguments": {"title": "x"}})["error"]
        assert error["data"] == {"error": "insufficient_scope", "scope": "mcp.read mcp.write"}
        assert exchange(socket, "ping")["result"] == {}
