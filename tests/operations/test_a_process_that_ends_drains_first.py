"""SIGTERM, as every supervisor sends it."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.operations.conftest import HOLDING
from tests.operations.places import History
from tests.operations.sockets import call, closing, name_of, say, socket
from tests.processes import Server, server
from tests.sessions.client import Client

GOING_AWAY = 1001


def refuses_new_ones(running: Server) -> bool:
    try:
        httpx.get(f"{running.http}/healthz", timeout=5)
    except httpx.ConnectError:
        return True
    return False


def test_it_takes_nobody_new_lets_calls_finish_tells_sockets_and_stores_the_history(tmp_path: Path) -> None:
    history = History(tmp_path)
    with (
        server(home=str(tmp_path), command=HOLDING, program=sys.executable) as running,
        httpx.Client(timeout=60) as http,
    ):
        client = Client.opened_at(http, running)
        with socket(running.ws) as opened, socket(running.ws) as idle, socket(running.ws) as releasing:
            names = [name_of(one) for one in (opened, idle)]
            asked = say(opened, "tools/call", {"name": "test_hold", "arguments": {"label": "socket"}})
            call(releasing, "test_begun", label="socket")
            with client.calling(running, "test_hold", label="http") as events:
                call(releasing, "test_begun", label="http")
                running.process.send_signal(signal.SIGTERM)
                assert history.until(lambda: refuses_new_ones(running), bool)
                for label in ("socket", "http"):
                    call(releasing, "test_release", label=label)
                assert events.answer()["result"]["structuredContent"] == {"outcome": "released"}
            assert answer_of(opened, asked)["result"]["structuredContent"] == {"outcome": "released"}
            assert {closing(one) for one in (opened, idle, releasing)} == {GOING_AWAY}
        assert running.process.wait(timeout=30) == 0
        assert "Traceback" not in running.logged()
    rows = {row["uid"]: row for row in history.sessions()}
    assert {rows[name]["state"] for name in names} == {"closed"}
    outcomes = [call["outcome"] for call in history.calls() if call["tool"] == "test_hold"]
    assert outcomes == ["ok", "ok"]
    assert sum(row["in_flight"] for row in rows.values()) == 0


def answer_of(socket: Any, asked: int) -> dict[str, Any]:
    while True:
        answer = json.loads(socket.recv(timeout=30))
        if answer.get("id") == asked:
            return dict(answer)


@pytest.mark.parametrize("kind", ["daphne", "uvicorn", "granian"])
def test_the_last_second_of_history_is_stored_under_every_server(kind: str, tmp_path: Path) -> None:
    from tests.operations.servers import serving

    history = History(tmp_path)
    with serving(kind, tmp_path) as base_url, httpx.Client(base_url=base_url, timeout=30) as http:
        for _ in range(5):
            answer = http.post("/mcp", json=CALL)
            assert answer.status_code == 200
    assert len(history.calls()) == 5


CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "get_server_info", "arguments": {}}}
