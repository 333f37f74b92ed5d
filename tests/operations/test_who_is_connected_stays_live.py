"""Presence: an open connection keeps its session alive; a dead process's sessions do not stay live."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import httpx
import pytest
import redis

from tests.operations.conftest import HOLDING
from tests.operations.operators import FIRST_OPERATOR, Operator
from tests.operations.places import History, postgres
from tests.operations.sockets import call, closing, initialize, name_of, socket
from tests.processes import server
from tests.redis_server import private
from tests.sessions.client import Client

TTL_MS = 1500
SHORT = {"MCP_SESSION_TTL": str(TTL_MS)}
LIVES = 2
"""Times the session would have expired."""

SECRET = {"MCP_SECRET_KEY": "a-secret-that-both-processes-share"}


def beats(history: History, name: str, count: int) -> None:
    """Waits until the session was renewed so often, far beyond its unused life."""
    for _ in range(count):
        before = history.session(name)["expires"]
        history.until(lambda seen=before: history.session(name)["expires"] != seen, bool)
        assert history.session(name)["state"] == "live"


@pytest.mark.parametrize("where", ["memory", "redis"])
def test_an_idle_socket_outlives_the_time_to_live(where: str, tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        extra = {**SHORT, **({"REDIS_URL": stack.enter_context(private()).url} if where == "redis" else {})}
        running = stack.enter_context(server(extra, str(tmp_path), HOLDING))
        opened = stack.enter_context(socket(running.ws))
        history = History(tmp_path)
        initialize(opened)
        name = name_of(opened)
        used = history.session(name, calls=1)["last_seen"]
        began = time.monotonic()
        while time.monotonic() - began < LIVES * TTL_MS / 1000:
            beats(history, name, 1)
        row = history.session(name)
        assert (row["state"], row["last_seen"]) == ("live", used), "present, and not used"
        assert call(opened, "get_session_info")["structuredContent"]["session"] == name
        if "REDIS_URL" in extra:
            with redis.Redis.from_url(extra["REDIS_URL"]) as shared:
                assert shared.exists(f"gauzy-mcp:uid:{name}")


def test_a_session_that_is_listened_to_outlives_it_too(tmp_path: Path) -> None:
    history = History(tmp_path)
    with server({**SHORT, "MCP_TRANSPORT": "http"}, str(tmp_path)) as running, httpx.Client(timeout=30) as http:
        client = Client.opened_at(http, running)
        name = client.call(running, "get_session_info")["session"]
        with client.listening(running):
            beats(history, name, 2 * LIVES)
            assert client.ask(running, "ping").status_code == 200
        assert history.session(name, state="expired")
        assert client.ask(running, "ping").status_code == 404


def test_sockets_of_a_killed_process_do_not_stay_live() -> None:
    with private() as shared, postgres() as url:
        extra = {**SHORT, **SECRET, "REDIS_URL": shared.url, "DATABASE_URL": url}
        history = History(url)
        with server(extra) as survivor, contextlib.ExitStack() as doomed:
            killed = doomed.enter_context(server(extra))
            lost, kept = doomed.enter_context(socket(killed.ws)), doomed.enter_context(socket(survivor.ws))
            names = [name_of(one) for one in (lost, kept)]
            for name in names:
                beats(history, name, 1)
            killed.process.kill()
            assert history.session(names[0], state="expired")["in_flight"] == 0
            beats(history, names[1], 2)
            assert initialize(kept)


def test_a_socket_closes_though_the_word_that_it_is_over_was_lost(tmp_path: Path) -> None:
    """The message on the bus may get lost; the record is what counts."""
    with (
        private() as shared,
        server({**SHORT, "REDIS_URL": shared.url}, str(tmp_path)) as running,
        socket(running.ws) as opened,
        socket(running.ws) as other,
    ):
        name = name_of(opened)
        with redis.Redis.from_url(shared.url) as client:
            client.delete(f"gauzy-mcp:uid:{name}")
        assert closing(opened) == 4001
        assert initialize(other)


def test_the_admin_of_another_process_ends_what_is_idle(tmp_path: Path) -> None:
    with private() as shared, postgres() as url:
        extra = {**SHORT, **SECRET, **FIRST_OPERATOR, "REDIS_URL": shared.url, "DATABASE_URL": url}
        with server(extra) as a, server(extra) as b, socket(a.ws) as opened, Operator(b.http) as operator:
            name = name_of(opened)
            beats(History(url), name, 2 * LIVES)
            assert operator.terminate(name).status_code == 302
            assert closing(opened) == 4001
