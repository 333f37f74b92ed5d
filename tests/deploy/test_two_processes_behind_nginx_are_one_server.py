"""deploy/nginx.conf in a real nginx: streams are not buffered, sockets are upgraded, clients keep their address."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.deploy.nginx import adapted, checked, nginx
from tests.operations.operators import FIRST_OPERATOR, Operator
from tests.operations.sockets import ask, closing, initialize, name_of, socket
from tests.processes import Server, server
from tests.redis_server import private
from tests.sessions.client import Client
from tests.transports.calls import message, post

TRUSTED = {"MCP_TRUSTED_PROXIES": "127.0.0.1/32", "MCP_WS_TRUSTED_PROXIES": "127.0.0.1/32"}


@dataclass(frozen=True)
class Front:
    """``server`` speaks of the two processes as if nginx were the server."""

    server: Server
    processes: tuple[Server, Server]
    folder: Path


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder, home = tmp_path_factory.mktemp("nginx"), str(tmp_path_factory.mktemp("home"))
    command = ("-m", "tests.sessions.serve")
    with private() as redis:
        extra = {"REDIS_URL": redis.url, "MCP_TRANSPORT": "http", **TRUSTED, **FIRST_OPERATOR}
        with server(extra, home, command) as a, server(extra, home, command) as b, nginx(folder, a, b) as base_url:
            urls = {"HTTP": f"{base_url}/sse", "WebSocket": f"{base_url.replace('http', 'ws', 1)}/sse"}
            yield Front(Server(a.process, a.log, urls), (a, b), folder)


def test_the_configuration_is_valid(tmp_path: Path) -> None:
    result = checked(adapted(tmp_path, 8080, ["127.0.0.1:3001", "127.0.0.1:3002"]))
    assert result.returncode == 0, result.stderr
    assert "warn" not in result.stderr


def test_a_session_is_served_by_both(front: Front) -> None:
    with httpx.Client(timeout=30) as http:
        clients = [Client.opened_at(http, front.server) for _ in range(10)]
        for number, client in enumerate(clients):
            for _ in range(1 + number % 2):
                client.call(front.server, "get_server_info")
            assert client.end(front.server) == 204
    for process in front.processes:
        assert "call tool=get_server_info" in process.logged()


def test_events_arrive_while_the_call_still_runs(front: Front) -> None:
    with httpx.Client(timeout=30) as http:
        client, other = Client.opened_at(http, front.server), Client.opened_at(http, front.server)
        with client.calling(front.server, "test_hold", label="through nginx") as events:
            assert events.until("notifications/message").message["params"]["data"] == "begun"
            for process in front.processes:
                Client(http, other.headers).call(process, "test_release", label="through nginx")
            assert events.answer()["result"]["structuredContent"] == {"outcome": "released"}


def test_a_stream_that_listens_hears_at_once(front: Front) -> None:
    with httpx.Client(timeout=30) as http:
        client = Client.opened_at(http, front.server)
        name = client.call(front.server, "get_session_info")["session"]
        client.result(front.server, "resources/subscribe", {"uri": f"gauzy://note/{name}"})
        with client.listening(front.server) as events:
            client.call(front.server, "test_change_note", name=name)
            events.until("notifications/resources/updated")


def test_sockets_are_upgraded_and_closed_with_their_code(front: Front) -> None:
    with Operator(front.server.http) as operator, socket(front.server.ws, subprotocols=["mcp"]) as opened:
        assert opened.subprotocol == "mcp"
        assert initialize(opened)["protocolVersion"] == "2025-06-18"
        name = name_of(opened)
        ends = time.monotonic() + 20
        while operator.http.get(f"/admin/operations/sessionrecord/{name}/change/").status_code != 200:
            assert time.monotonic() < ends
        operator.terminate(name)
        assert closing(opened) == 4001


def test_a_large_body_passes_and_a_huge_one_is_refused(front: Front) -> None:
    with httpx.Client(base_url=front.server.http, timeout=60) as http:
        padded = {**message("ping"), "params": {"_meta": {"x": "y" * 3_000_000}}}
        assert http.post("/mcp", json=padded).status_code == 200
        padded["params"]["_meta"]["x"] *= 2
        assert http.post("/mcp", json=padded).status_code == 413


def test_each_client_is_limited_by_its_own_address(tmp_path: Path) -> None:
    """nginx adds who connected; what a client wrote before that does not count."""
    throttled = {"THROTTLE_ENABLED": "true", "THROTTLE_LIMIT": "5", "THROTTLE_TTL": "3600000", **TRUSTED}
    with server({**throttled, "MCP_TRANSPORT": "http"}) as running, nginx(tmp_path, running) as base_url:
        transport = httpx.HTTPTransport(local_address="127.0.0.2")
        with httpx.Client(base_url=base_url) as one, httpx.Client(base_url=base_url, transport=transport) as other:
            made_up = [post(one, "ping", X_Forwarded_For=f"203.0.113.{number}").status_code for number in range(7)]
            # 127.0.0.1 is a trusted proxy here, so what it says about others is believed; 127.0.0.2 is not.
            assert made_up == [200] * 7
            statuses = [post(other, "ping", X_Forwarded_For=f"203.0.113.{number}").status_code for number in range(7)]
            assert statuses == [200] * 5 + [429] * 2
        websocket = base_url.replace("http", "ws", 1)
        with pytest.raises(InvalidStatus):
            for _ in range(7):
                with socket(websocket, source_address=("127.0.0.3", 0)) as opened:
                    ask(opened, "ping")


def test_machines_numbers_are_not_shown_outside(front: Front) -> None:
    for path, status in (("/metrics", 403), ("/readyz", 403), ("/healthz", 200)):
        assert httpx.get(front.server.http + path).status_code == status


def test_no_session_id_is_in_its_log(front: Front) -> None:
    with httpx.Client(base_url=front.server.http) as http:
        session_id = http.post("/sse/session").json()["id"]
        assert http.get(f"/sse/session/{session_id}").status_code == 200
    log = front.folder / "access.log"
    ends = time.monotonic() + 20
    while "/sse/session/[hidden]" not in log.read_text():
        assert time.monotonic() < ends
    assert session_id not in log.read_text()
    assert re.search(r'127\.0\.0\.1 \[\S+\] "GET /sse/session/\[hidden\]" 200', log.read_text())


def test_one_that_ends_leaves_the_other_to_serve(tmp_path: Path) -> None:
    with private() as redis:
        extra = {"REDIS_URL": redis.url, "MCP_TRANSPORT": "http", **TRUSTED}
        home = str(tmp_path)
        with server(extra, home) as a, server(extra, home) as b, nginx(tmp_path, a, b) as base_url:
            urls = {"HTTP": f"{base_url}/sse"}
            with httpx.Client(timeout=30) as http:
                client = Client.opened_at(http, Server(a.process, a.log, urls))
                a.process.terminate()
                a.process.wait(timeout=30)
                statuses = [client.ask(Server(a.process, a.log, urls), "ping").status_code for _ in range(20)]
    assert statuses == [200] * 20
