"""127.0.0.0/8 is this machine (RFC 1122 section 3.2.1.3), wherever a rule makes a difference between it and others."""

from __future__ import annotations

import httpx
import pytest

from gauzy_mcp.env.loopback import is_loopback
from oauth_resource.server.toolkit import LOOPBACK
from tests.env.loads import environment
from tests.processes import server
from tests.transports.calls import message

OURS = ("localhost", "127.0.0.1", "127.0.0.2", "127.255.255.254", "::1")
OTHERS = ("128.0.0.1", "126.255.255.255", "10.0.0.1", "0.0.0.0", "::", "127.example.com", "localhost.example", "", None)


@pytest.mark.parametrize("host", OURS)
def test_it_is(host: str) -> None:
    assert is_loopback(host) and host in LOOPBACK
    assert not environment(MCP_HTTP_HOST=host, MCP_WS_HOST=host).throttles, "nobody else can ask"


@pytest.mark.parametrize("host", OTHERS)
def test_it_is_not(host: str | None) -> None:
    assert not is_loopback(host) and host not in LOOPBACK


@pytest.mark.parametrize("name", ["MCP_AUTH_RESOURCE_URI", "MCP_AUTH_JWT_JWKS_URI"])
def test_plain_http_is_private_there(name: str) -> None:
    given = {"MCP_AUTH_ENABLED": "true", "MCP_AUTH_JWT_ISSUER": "https://auth.example.com"}
    given |= {"MCP_AUTH_JWT_JWKS_URI": "https://auth.example.com/jwks", name: "http://127.0.0.2:3001"}
    environment(**given)


def test_a_server_listens_there_without_authentication_and_answers_by_that_address() -> None:
    with server({"MCP_TRANSPORT": "http", "MCP_HTTP_HOST": "127.0.0.2"}) as running:
        assert running.http.startswith("http://127.0.0.2:")
        page = {"Origin": running.http}
        assert httpx.post(f"{running.http}/mcp", json=message("ping"), headers=page).json()["result"] == {}
        assert httpx.get(f"{running.http}/admin/login/").status_code == 200
