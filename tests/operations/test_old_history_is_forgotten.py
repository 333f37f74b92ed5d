from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.operations.places import History
from tests.processes import server
from tests.transports.calls import client, initialize

OLD, RECENT = "2020-01-01 00:00:00", "2999-01-01 00:00:00"
SESSION = """
INSERT INTO operations_sessionrecord (uid, state, transport, revision, client_name, client_version, principal, account,
    organization, created, last_seen, expires, calls, errors, in_flight)
VALUES (?, ?, 'http', '', '', '', '', '', '', ?, ?, ?, 0, 0, 1)
"""
CALL = """
INSERT INTO operations_callrecord (principal, tool, transport, outcome, began, milliseconds, digest)
VALUES ('', ?, 'http', 'ok', ?, 1, '')
"""


def test_records_go_after_their_days_and_what_is_live_stays(tmp_path: Path) -> None:
    with server({"MCP_TRANSPORT": "http"}, str(tmp_path)):
        pass
    with closing(sqlite3.connect(tmp_path / "gauzy-mcp.sqlite3")) as database, database:
        database.executemany(
            SESSION, [("old", "closed", OLD, OLD, OLD), ("recent", "closed", RECENT, RECENT, OLD),
                      ("live", "live", OLD, OLD, RECENT)]
        )  # fmt: skip
        database.executemany(CALL, [("old", OLD), ("recent", RECENT)])
    history = History(tmp_path)
    with server({"MCP_TRANSPORT": "http", "MCP_HISTORY_DAYS": "30"}, str(tmp_path)):
        calls = history.until(history.calls, lambda calls: len(calls) == 1)
        sessions = history.until(history.sessions, lambda sessions: len(sessions) == 2)
    assert calls[0]["tool"] == "recent"
    assert {session["uid"] for session in sessions} == {"live", "recent"}


def test_calls_of_a_process_that_died_do_not_run_for_ever(tmp_path: Path) -> None:
    with server({"MCP_TRANSPORT": "http"}, str(tmp_path)):
        pass
    with closing(sqlite3.connect(tmp_path / "gauzy-mcp.sqlite3")) as database, database:
        database.execute(SESSION, ("live", "live", OLD, OLD, RECENT))
    with server({"MCP_TRANSPORT": "http"}, str(tmp_path)):
        assert History(tmp_path).session("live", in_flight=0)["state"] == "live"


def test_an_unused_session_is_marked_expired(tmp_path: Path) -> None:
    history = History(tmp_path)
    with server({"MCP_TRANSPORT": "http", "MCP_SESSION_TTL": "1000"}, str(tmp_path)) as running:
        with client(running.http) as http:
            initialize(http)
        rows = history.until(history.sessions, lambda rows: rows and rows[0]["state"] == "expired")
    assert rows[0]["ended"] is not None
