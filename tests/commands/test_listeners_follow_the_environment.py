"""runmcp listens as MCP_TRANSPORT, MCP_WS_* and MCP_HTTP_* say."""

from __future__ import annotations

import json
import ssl
import subprocess
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.commands.certificates import chained
from tests.processes import server
from tests.requirements import need
from tests.transports.calls import message


@pytest.fixture
def certificate(tmp_path: Path) -> dict[str, str]:
    need("openssl")
    key, chain = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(chain)]
    subprocess.run(command, check=True, capture_output=True)
    return {"MCP_WS_TLS": "true", "MCP_WS_KEY_PATH": str(key), "MCP_WS_CERT_PATH": str(chain)}


def test_websockets_speak_tls_with_key_and_certificate(certificate: dict[str, str]) -> None:
    trusted = ssl.create_default_context(cafile=certificate["MCP_WS_CERT_PATH"])
    with server({"MCP_TRANSPORT": "websocket", **certificate}) as live:
        assert live.ws.startswith("wss://")
        with connect(live.ws + "/sse", ssl=trusted) as socket:
            socket.send(json.dumps(message("ping")))
            assert json.loads(socket.recv())["result"] == {}


def test_the_whole_chain_is_sent(tmp_path: Path) -> None:
    """A browser knows the root, and asks nobody for what is between."""
    variables, root = chained(tmp_path)
    with server({"MCP_TRANSPORT": "websocket", **variables}) as live:
        address = live.ws.replace("127.0.0.1", "localhost") + "/sse"
        with connect(address, ssl=ssl.create_default_context(cafile=root)) as socket:
            socket.send(json.dumps(message("ping")))
            assert json.loads(socket.recv())["result"] == {}


@pytest.mark.parametrize(
    ("compression", "deflate", "negotiated"),
    [("true", "true", True), ("false", "true", False), ("true", "false", False)],
)
def test_deflate_needs_both_switches(compression: str, deflate: str, negotiated: bool) -> None:
    switches = {"MCP_WS_COMPRESSION": compression, "MCP_WS_PER_MESSAGE_DEFLATE": deflate}
    with server({"MCP_TRANSPORT": "websocket", **switches}) as live, connect(live.ws + "/sse") as socket:
        assert socket.response is not None
        assert ("permessage-deflate" in socket.response.headers.get("Sec-WebSocket-Extensions", "")) is negotiated
        socket.send(json.dumps(message("tools/list")))
        assert json.loads(socket.recv())["result"]["tools"]


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({}, "a demo company inside"),
        ({"API_BASE_URL": "http://localhost:9"}, "http://localhost:9, by the tool login: no account is configured"),
        (
            {"API_BASE_URL": "http://localhost:9", "GAUZY_AUTH_EMAIL": "ada@example.com", "GAUZY_AUTH_PASSWORD": "x"},
            "http://localhost:9, as ada@example.com\n",
        ),
    ],
)
def test_a_start_says_where_callers_work_and_as_whom(variables: dict[str, str], told: str) -> None:
    with server({"MCP_TRANSPORT": "http", **variables}) as live:
        assert live.process.stdout is not None
        line = next(line for line in live.process.stdout if line.startswith("Gauzy "))
    assert told in line


def test_path_payload_and_origins_of_websockets_are_configured() -> None:
    chosen = {"MCP_WS_PATH": "/live", "MCP_WS_MAX_PAYLOAD": "2048", "MCP_WS_ALLOWED_ORIGINS": "https://app.example.com"}
    with server({"MCP_TRANSPORT": "websocket", **chosen}) as live:
        with connect(live.ws + "/live", origin="https://app.example.com") as socket:  # type: ignore[arg-type]
            socket.send("x" * 4096)
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv()
            assert closed.value.rcvd is not None and closed.value.rcvd.code == 1009
        with pytest.raises(InvalidStatus):
            connect(live.ws + "/live", origin="http://localhost:3000")  # type: ignore[arg-type]
        with pytest.raises(InvalidStatus):
            connect(live.ws + "/sse")


def test_every_listener_serves_the_whole_application() -> None:
    with server({"MCP_TRANSPORT": "http"}) as live:
        assert httpx.post(live.http + "/sse", json=message("ping")).json()["result"] == {}
        with connect(live.http.replace("http", "ws", 1) + "/mcp") as socket:
            socket.send(json.dumps(message("ping")))
            assert json.loads(socket.recv())["result"] == {}


def test_any_origin_may_call_when_cors_says_so_but_without_credentials() -> None:
    with server({"MCP_TRANSPORT": "http", "MCP_CORS_ORIGIN": "*"}) as live:
        answer = httpx.post(live.http + "/sse", json=message("ping"), headers={"Origin": "https://anywhere.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "MCP_CORS_ORIGIN=*" in live.logged()
