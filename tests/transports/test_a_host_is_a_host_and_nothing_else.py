"""RFC 9112 section 3.2, RFC 3986 section 3.2: what breaks the grammar of a host names none, on any list."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import httpx
import pytest

from mcp_tools.transports.origins import AllowList, host_name
from tests.processes import Server
from tests.transports.calls import post

LOCAL = ("localhost", "127.0.0.1", "[::1]")
BROKEN = [
    "localhost:80.evil.com", "localhost/evil", "x@localhost", "", " ", "localhost,evil.example", "localhost, localhost",
    "localhost:80:80", "localhost:65536", "localhost:-1", "localhost:+80", "localhost: 80", "localhost:8o", ":80",
    "localhost?x", "localhost#x", "localhost\\evil", "local%68ost", "localhost%00", "localhost\x00", "localhost\t",
    " localhost", "localhost\n", "//localhost", "http://localhost", "::1", "[::1", "::1]", "[::1]x", "[::1%25lo]",
    "[::g]", "[127.0.0.1]", "[]", "[localhost]", "loc\u0430lhost", "localhost\u3002", "١٢٧.0.0.1", "localhost:١",
    "x" * 300,
]  # fmt: skip


@pytest.mark.parametrize("hosts", [LOCAL, ("*",)], ids=["listed", "any"])
@pytest.mark.parametrize("host", BROKEN, ids=repr)
def test_what_is_no_host_is_on_no_list(host: str, hosts: tuple[str, ...]) -> None:
    assert not AllowList([], hosts).allows_host(host)
    assert host_name(host) is None


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST", "localhost:80", "localhost:", "127.0.0.1:65535", "[::1]", "[::1]:3001", "[0:0::1]:1"],
)
def test_the_names_of_this_machine_are_hosts(host: str) -> None:
    assert AllowList([], LOCAL).allows_host(host)


@pytest.mark.parametrize(
    ("listed", "host", "allowed"),
    [
        (".example.com", "mcp.example.com", True),
        (".example.com", "a.b.EXAMPLE.com:443", True),
        (".example.com", "evilexample.com", False),
        (".example.com", "example.com.evil.com", False),
        ("mcp.example.com", "mcp.example.com.", False),
        ("mcp.example.com", "mcp.example.com:8443", True),
        ("2001:db8::1", "[2001:DB8:0::1]:3001", True),
        ("gauzy_mcp", "gauzy_mcp:3001", True),
        ("*", "anything.example:1", True),
    ],
)
def test_a_list_means_what_it_says(listed: str, host: str, allowed: bool) -> None:
    assert AllowList([], [listed]).allows_host(host) is allowed


def test_a_page_of_a_host_that_everybody_may_name_is_a_foreign_one() -> None:
    assert AllowList([], ["mcp.example.com"]).allows_page("https://mcp.example.com", "mcp.example.com")
    assert not AllowList([], ["*"]).allows_page("https://mcp.example.com", "mcp.example.com")
    assert not AllowList([], LOCAL).allows_page("http://localhost:80.evil.com", "localhost:80.evil.com")


@pytest.mark.parametrize("host", ["localhost:80.evil.com", "localhost/evil", "x@localhost"])
def test_the_server_answers_to_none_of_them(http: httpx.Client, host: str) -> None:
    assert post(http, "ping", Host=host).status_code in (400, 403)


@pytest.mark.parametrize("hosts", [["localhost", "evil.example"], ["evil.example", "localhost"], ["localhost"] * 2])
@pytest.mark.parametrize("upgrade", [False, True], ids=["http", "websocket"])
def test_two_host_headers_are_refused(live: Server, hosts: list[str], upgrade: bool) -> None:
    address = urlsplit(live.ws if upgrade else live.http)
    headers = ["GET /sse HTTP/1.1", *(f"Host: {host}" for host in hosts)]
    if upgrade:
        headers += ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
        headers += ["Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol: mcp"]
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall("\r\n".join([*headers, "", ""]).encode())
        status = connection.recv(64).split(b" ")[1]
    assert status in (b"400", b"403")
