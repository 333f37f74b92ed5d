"""Requests go on, the log says once what is missing, /readyz names it, and the history catches up afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psycopg

from tests.operations.places import ADMIN_URL, History, postgres
from tests.operations.test_probes_are_honest import until
from tests.processes import server
from tests.sessions.client import Client

MEANWHILE = 20


@contextmanager
def away(url: str) -> Iterator[None]:
    """Nobody gets a connection to this database, and those there are break."""
    name = url.rpartition("/")[2]
    with psycopg.connect(ADMIN_URL, autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')  # type: ignore[arg-type]
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')  # type: ignore[arg-type]


def test_calls_made_meanwhile_are_in_the_history_afterwards() -> None:
    with postgres() as url, server({"DATABASE_URL": url, "MCP_TRANSPORT": "http"}) as running:
        history = History(url)
        with httpx.Client(timeout=30) as http:
            client = Client.opened_at(http, running)
            name = client.call(running, "get_session_info")["session"]
            history.session(name, calls=1)
            with away(url):
                until(running, {"database": False, "gauzy": True})
                for _ in range(MEANWHILE):
                    client.call(running, "get_server_info")
                late = Client.opened_at(http, running).call(running, "get_session_info")["session"]
                assert history.until(running.logged, lambda log: "history waits for the database" in log)
            until(running, {"database": True, "gauzy": True})
            assert history.session(name, calls=1 + MEANWHILE, in_flight=0)["state"] == "live"
            assert history.session(late, calls=1)
        assert running.logged().count("history waits for the database") == 1
        assert running.logged().count("history is stored again") == 1
        assert "password" not in running.logged()
