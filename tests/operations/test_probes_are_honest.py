"""/healthz is the process alone; /readyz is 503 as long as a part it stands on does not answer, and names the part."""

from __future__ import annotations

import socket
import time
from typing import Any

import httpx

from tests.operations.conftest import Place
from tests.processes import Server, server
from tests.redis_server import PrivateRedis, private

PATIENCE_SECONDS = 30


def parts(running: Server) -> dict[str, bool]:
    """Which parts answer, after checking that the status says the same."""
    answer = httpx.get(f"{running.http}/readyz", timeout=30)
    found: dict[str, Any] = answer.json()["parts"]
    ready = all(part["ok"] for part in found.values())
    assert (answer.status_code, answer.json()["status"]) == ((200, "ready") if ready else (503, "not ready"))
    assert httpx.get(f"{running.http}/healthz").json() == {"status": "ok"}
    return {name: part["ok"] for name, part in found.items()}


def until(running: Server, wanted: dict[str, bool]) -> None:
    """What others say is remembered for a moment."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while (found := parts(running)) != wanted:
        assert time.monotonic() < ends, found


def test_everything_answers(place: Place) -> None:
    assert parts(place.server) == {"database": True, "gauzy": True}


def test_machines_ask_by_address(place: Place) -> None:
    """A kubelet and a Prometheus name no allowed host."""
    for path in ("/healthz", "/readyz", "/metrics"):
        assert httpx.get(place.server.http + path, headers={"Host": "10.1.2.3:3001"}).status_code == 200


def test_gauzy_is_away() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with server({"MCP_TRANSPORT": "http", "API_BASE_URL": gone}) as running:
            assert parts(running) == {"database": True, "gauzy": False}


def test_redis_goes_away_and_comes_back() -> None:
    with private() as redis, server({"MCP_TRANSPORT": "http", "REDIS_URL": redis.url}) as running:
        until(running, {"database": True, "gauzy": True, "redis": True})
        redis.stop()
        until(running, {"database": True, "gauzy": True, "redis": False})
        _restart(redis)
        until(running, {"database": True, "gauzy": True, "redis": True})


def test_a_probe_tells_no_secret() -> None:
    url = "redis://:a-redis-password@127.0.0.1:1/0"
    with server({"MCP_TRANSPORT": "http", "REDIS_URL": url}) as running:
        answer = httpx.get(f"{running.http}/readyz", timeout=30)
        assert answer.status_code == 503
        assert answer.json()["parts"]["redis"]["ok"] is False
        assert "a-redis-password" not in answer.text + running.logged()


def _restart(redis: PrivateRedis) -> None:
    assert redis.start()
