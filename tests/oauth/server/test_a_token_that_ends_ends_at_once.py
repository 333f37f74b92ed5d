"""Attack group 34 at this server: a revoked token is refused at once, in every process."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.oauth.peer import free_port
from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.using import bearer, status_of
from tests.processes import Server, server


@contextlib.contextmanager
def two(home: Path, redis_url: str) -> Iterator[tuple[Server, Server]]:
    """Two processes of one address, as behind a proxy; the second listens elsewhere."""
    port = str(free_port())
    shared = {
        "MCP_AUTH_ENABLED": "true",
        "MCP_AUTH_RESOURCE_URI": f"http://localhost:{port}",
        "REDIS_URL": redis_url,
        "MCP_AUTH_TOKEN_CACHE_TTL": "300",
    }
    with server({**shared, "MCP_HTTP_PORT": port}, str(home)) as a, server(shared, str(home)) as b:
        yield a, b


def test_group_34_a_revoked_token_is_refused_in_every_process_and_its_sockets_close(
    tmp_path: Path, redis_url: str
) -> None:
    with two(tmp_path, redis_url) as (a, b), Person(a) as person:
        person.sign_in()
        client = OAuthClient.registered(person.base)
        tokens, others = client.tokens(person), client.tokens(person)
        token = tokens["access_token"]
        assert status_of(person.base, token) == status_of(b.http, token) == 200
        with connect(f"{b.ws}/sse", additional_headers=bearer(token)) as socket:
            socket.send('{"jsonrpc": "2.0", "id": 1, "method": "ping"}')
            assert '"result":{}' in str(socket.recv(timeout=20))
            assert client.revoke(token).status_code == 200
            assert closed_with(socket) == 4401
        assert status_of(person.base, token) == status_of(b.http, token) == 401
        assert client.refresh(tokens["refresh_token"]).status_code == 400, "nor does it come back"
        assert status_of(b.http, others["access_token"]) == 200, "another sign-in goes on"


def closed_with(socket: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            socket.recv(timeout=30)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code
