"""Attack groups 21 to 26: where a token may stand, how it is written, and what a request cannot say about us."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest

from tests.oauth.knocking import METADATA, bearer, is_refused, knock
from tests.oauth.stand_in import StandIn
from tests.processes import Server
from tests.transports.calls import message

PING = message("ping")
CHANGE = {"name": "create_task", "arguments": {"title": "x"}}


@pytest.mark.parametrize("length", [8193, 15_000])
def test_group_21_a_token_that_is_too_long_is_refused_unread(client: httpx.Client, length: int) -> None:
    assert is_refused(knock(client, "a" * length))
    assert is_refused(knock(client, "a." * (length // 2) + "a"))


def test_group_21_a_megabyte_is_refused_fast(live: Server) -> None:
    place = urlsplit(live.http)
    began = time.monotonic()
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        connection.sendall(b"POST /sse HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ")
        try:
            for _ in range(16):
                connection.sendall(b"a" * 65536)
            connection.sendall(b"\r\n\r\n")
            answer = connection.recv(4096)
        except OSError:
            answer = b""
    # Which of the two it is, is the server's: it may hang up at a header of this size.
    assert answer == b"" or answer.split(b" ")[1] in (b"400", b"401", b"431")
    assert time.monotonic() - began < 10


def test_group_22_a_token_in_the_query_is_not_looked_at(client: httpx.Client, issuer: StandIn) -> None:
    token = issuer.token()
    for name in ("access_token", "token", "bearer", "Authorization"):
        answer = client.post("/sse", params={name: token}, json=PING)
        assert answer.status_code == 401
        assert "error=" not in answer.headers["WWW-Authenticate"], "nothing was presented"
        assert token not in answer.text


def test_group_22_a_token_in_a_form_or_in_the_message_is_not_looked_at(client: httpx.Client, issuer: StandIn) -> None:
    token = issuer.token()
    assert client.post("/sse", data={"access_token": token}).status_code == 401
    assert client.post("/sse", json={**PING, "access_token": token}).status_code == 401
    assert client.post("/sse", json=PING, headers={"Cookie": f"access_token={token}"}).status_code == 401


def test_group_23_several_credentials_are_no_credentials(client: httpx.Client, issuer: StandIn) -> None:
    token, other = issuer.token(), issuer.token(sub="bob")
    for headers in (
        [("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {other}")],
        [("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {token}")],
        [("Authorization", f"Bearer {token}, Bearer {other}")],
        [("Authorization", f"Bearer {token} {other}")],
        [("Authorization", f"Bearer {token},")],
    ):
        answer = client.post("/sse", json=PING, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
        assert 'error="invalid_request"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "Bearer  "])
def test_group_23_the_scheme_has_no_case(client: httpx.Client, issuer: StandIn, scheme: str) -> None:
    assert client.post("/sse", json=PING, headers={"Authorization": scheme + issuer.token()}).status_code == 200


@pytest.mark.parametrize("value", ["Bearer", "Bearer =", "Bearer a b", "Bearer x\ty", 'Bearer "x"', "Bearer token=x"])
def test_group_23_words_that_are_no_token(client: httpx.Client, value: str) -> None:
    assert client.post("/sse", json=PING, headers={"Authorization": value}).status_code == 400


@pytest.mark.parametrize("value", ["Basic YTpi", "DPoP x", "Bearer\tx", "Token x", "x", ""])
def test_group_23_another_scheme_presents_nothing(client: httpx.Client, value: str) -> None:
    answer = client.post("/sse", json=PING, headers={"Authorization": value})
    assert answer.status_code == 401
    assert "error=" not in answer.headers["WWW-Authenticate"]


def test_group_24_a_header_with_an_underscore_is_another_header(client: httpx.Client, issuer: StandIn) -> None:
    for name in ("Authorization_", "X-Authorization", "Proxy-Authorization", "X-Forwarded-Authorization"):
        assert client.post("/sse", json=PING, headers={name: f"Bearer {issuer.token()}"}).status_code == 401


def test_group_24_nothing_a_request_says_changes_where_the_metadata_is(client: httpx.Client) -> None:
    said = {
        "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher", "X-Forwarded-For": "10.0.0.1",
        "X-Forwarded-Port": "666", "Forwarded": "host=evil.example;proto=http", "X-Original-URL": "/evil",
        "X-Forwarded-Prefix": "/evil", "X-Host": "evil.example",
    }  # fmt: skip
    for headers in (said, {**said, "Host": "localhost"}, {"Host": "mcp.example.com"}):
        answer = client.post("/sse", json=PING, headers=headers)
        assert f'resource_metadata="{METADATA}/sse"' in answer.headers["WWW-Authenticate"]
        document = client.get("/.well-known/oauth-protected-resource/sse", headers=headers)
        assert document.json()["resource"] == "https://mcp.example.com/sse"
        assert "evil" not in str(answer.headers) + document.text + str(document.headers)


def test_group_24_a_foreign_host_gets_no_further(client: httpx.Client, issuer: StandIn) -> None:
    headers = {**bearer(issuer.token()), "Host": "evil.example"}
    assert client.post("/sse", json=PING, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "scope", ['mcp.x"y', "mcp.x\\y", "mcp.x\r\nSet-Cookie:a=b", "mcp.\u00e9", "mcp.x\x00", "mcp.\u2028"]
)
def test_group_25_a_scope_that_is_none_is_told_nowhere(
    client: httpx.Client, live: Server, issuer: StandIn, scope: str
) -> None:
    token = issuer.token(scope=["mcp.read", scope], jti=None)
    answer = client.post("/sse", json=message("tools/call", CHANGE), headers=bearer(token))
    assert answer.json()["scope"] == "mcp.read mcp.write"
    assert answer.headers["WWW-Authenticate"].endswith('scope="mcp.read mcp.write"')
    assert "\nSet-Cookie" not in live.logged()


def test_group_26_a_preflight_needs_no_token(client: httpx.Client) -> None:
    asked = {"Origin": "http://localhost:4200", "Access-Control-Request-Method": "POST"}
    answer = client.options("/sse", headers={**asked, "Access-Control-Request-Headers": "authorization"})
    assert answer.status_code == 204
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:4200"


def test_group_26_a_page_can_read_the_challenge(client: httpx.Client) -> None:
    answer = client.post("/sse", json=PING, headers={"Origin": "http://localhost:4200"})
    assert answer.status_code == 401
    assert "WWW-Authenticate" in answer.headers["Access-Control-Expose-Headers"]


def test_group_26_a_page_from_elsewhere_gets_nothing(client: httpx.Client, issuer: StandIn) -> None:
    answer = client.post("/sse", json=PING, headers={**bearer(issuer.token()), "Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers
