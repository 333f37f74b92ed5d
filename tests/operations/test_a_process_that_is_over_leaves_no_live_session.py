"""Without Redis sessions are in the memory of a process: the history does not call them live after it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.operations.places import History
from tests.operations.sockets import name_of, socket
from tests.processes import Stdio, server
from tests.sessions.client import Client


@pytest.mark.parametrize("end", ["terminate", "kill"])
def test_what_a_process_before_kept_is_expired(tmp_path: Path, end: str) -> None:
    history = History(tmp_path)
    with server(home=str(tmp_path)) as first, httpx.Client(timeout=30) as http, socket(first.ws) as opened:
        over_http = Client.opened_at(http, first).call(first, "get_session_info")["session"]
        on_socket = name_of(opened)
        for name in (over_http, on_socket):
            history.session(name, state="live", calls=1)
        getattr(first.process, end)()
        first.process.wait(timeout=30)
    with server({"MCP_TRANSPORT": "http"}, str(tmp_path)) as second, httpx.Client(timeout=30) as http:
        kept = Client.opened_at(http, second).call(second, "get_session_info")["session"]
        assert history.session(over_http, state="expired")["ended"] is not None
        assert history.session(on_socket, state="expired" if end == "kill" else "closed")["ended"] is not None
        assert history.session(kept)["state"] == "live"


def test_a_stdio_process_that_was_killed_does_not_stay_live(tmp_path: Path) -> None:
    short = {"MCP_SESSION_TTL": "1500", "MCP_TRANSPORT": "http"}
    history = History(tmp_path)
    with server(short, str(tmp_path)), Stdio(short, home=str(tmp_path)) as client:
        uid = client.ask("tools/call", {"name": "get_session_info"})["result"]["structuredContent"]["session"]
        first = history.session(uid, state="live", calls=1)["expires"]
        # It lives on without a word, as long as its process does.
        history.until(lambda: history.session(uid)["expires"] != first, bool)
        assert history.session(uid)["state"] == "live"
        client.process.kill()
        assert history.session(uid, state="expired")["in_flight"] == 0
