"""Clients that were given ``https://…/mcp/`` work, sign in at the same resource, and reach the same sessions."""

from __future__ import annotations

import json

import httpx
import pytest
from websockets.sync.client import connect

from tests.oauth.knocking import bearer
from tests.oauth.stand_in import stand_in
from tests.processes import Server, server
from tests.transports.calls import initialize, message


@pytest.mark.parametrize("path", ["/mcp/", "/sse/"])
def test_a_session_goes_on_at_either_form(http: httpx.Client, path: str) -> None:
    session = initialize(http)
    answer = http.post(path, json=message("ping"), headers=session)
    assert (answer.status_code, answer.json()["result"]) == (200, {})
    with http.stream("GET", path, headers={**session, "Accept": "text/event-stream"}) as stream:
        assert stream.status_code == 200
    assert http.delete(path, headers=session).status_code == 204
    assert http.post(path.rstrip("/"), json=message("ping"), headers=session).status_code == 404


def test_a_stream_of_2024_11_05_opens_there_too(http: httpx.Client) -> None:
    with http.stream("GET", "/sse/", headers={"Accept": "text/event-stream"}) as stream:
        lines = stream.iter_lines()
        endpoint = next(line for line in lines if line.startswith("data: "))
        assert http.post(endpoint.removeprefix("data: "), json=message("ping")).status_code == 202


@pytest.mark.parametrize("path", ["/mcp/", "/sse/"])
def test_a_socket_opens_there_too(live: Server, path: str) -> None:
    with connect(live.ws + path) as socket:
        socket.send(json.dumps(message("ping")))
        assert json.loads(socket.recv(timeout=30))["result"] == {}


def test_it_is_the_same_resource_and_the_same_audience() -> None:
    with (
        stand_in() as issuer,
        server(issuer.environment(MCP_TRANSPORT="http")) as running,
        httpx.Client(base_url=running.http, timeout=30) as client,
    ):
        refused = {client.post(path, json=message("ping")).headers["WWW-Authenticate"] for path in ("/mcp", "/mcp/")}
        assert len(refused) == 1
        for_mcp = bearer(issuer.token(aud=f"{issuer.environment()['MCP_AUTH_RESOURCE_URI']}/mcp"))
        for path in ("/mcp", "/mcp/"):
            assert client.post(path, json=message("ping"), headers=for_mcp).status_code == 200
        described = [client.get(f"/.well-known/oauth-protected-resource{path}").json() for path in ("/mcp", "/mcp/")]
        assert described[0] == described[1]
