"""A stdio process notes what it did in a file of its home, which a network process reads into the history."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

from tests.operations.operators import FIRST_OPERATOR, Operator
from tests.operations.places import History
from tests.processes import Stdio, server

GARBAGE = (
    b"{",
    b"[1]",
    b'{"call": {}}',
    b'{"session": 1}',
    b'{"session": {"created": "x"}}',
    b'{"end": ["x"]}',
    b"\xff",
)
SESSION = {"name": "get_session_info", "arguments": {}}


def lines(home: Path) -> list[dict[str, Any]]:
    (journal,) = (home / "journals").iterdir()
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.parent.stat().st_mode) == 0o700
    return [json.loads(line) for line in journal.read_text().splitlines()]


def test_what_was_done_before_a_server_was_there_is_read_once(tmp_path: Path) -> None:
    with Stdio(home=str(tmp_path)) as client:
        wrong = {"email": "emma@example.com", "password": "not-the-password"}
        client.ask("tools/call", {"name": "login", "arguments": wrong}, 1)
        client.ask("tools/call", {"name": "no_such_tool", "arguments": {"a": 1}}, 2)
        uid = client.ask("tools/call", SESSION, 3)["result"]["structuredContent"]["session"]
        client.finish()
    kept = lines(tmp_path)
    assert [one["call"]["tool"] for one in kept if "call" in one] == ["login", "no_such_tool", "get_session_info"]
    assert "not-the-password" not in json.dumps(kept)
    history = History(tmp_path)
    for _ in range(2):
        with server({**FIRST_OPERATOR, "MCP_TRANSPORT": "http"}, str(tmp_path)) as running:
            row = history.session(uid, state="closed", calls=3, errors=2)
            assert row["ended"] is not None
            with Operator(running.http) as operator:
                assert uid in operator.http.get("/admin/operations/sessionrecord/?transport=stdio").text
    assert [call["tool"] for call in history.calls()] == ["login", "no_such_tool", "get_session_info"]
    assert list((tmp_path / "journals").iterdir()) == []


def test_an_operator_is_told_that_only_the_client_ends_it(tmp_path: Path) -> None:
    with (
        server({**FIRST_OPERATOR, "MCP_TRANSPORT": "http"}, str(tmp_path)) as running,
        Stdio(home=str(tmp_path)) as client,
        Operator(running.http) as operator,
    ):
        uid = client.ask("tools/call", SESSION)["result"]["structuredContent"]["session"]
        history = History(tmp_path)
        history.session(uid, state="live", calls=1)
        operator.terminate(uid)
        assert "close the client" in operator.http.get(f"/admin/operations/sessionrecord/{uid}/change/").text
        assert history.session(uid)["state"] == "live"
        assert "result" in client.ask("ping", request_id=2)


def test_lines_that_are_not_ours_do_no_harm(tmp_path: Path) -> None:
    with Stdio(home=str(tmp_path)) as client:
        uid = client.ask("tools/call", SESSION)["result"]["structuredContent"]["session"]
        client.finish()
    folder = tmp_path / "journals"
    journal = folder / f"{uid}.jsonl"
    first, *rest = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([first, *(line + b"\n" for line in GARBAGE), *rest]))
    for number, line in enumerate(GARBAGE):
        (folder / f"{number:016x}.jsonl").write_bytes(line)
    (folder / "of somebody else").write_bytes(b"{")
    with server({"MCP_TRANSPORT": "http"}, str(tmp_path)) as running:
        assert History(tmp_path).session(uid, state="closed", calls=1)
        assert "Traceback" not in running.logged()


def test_a_journal_that_cannot_be_written_costs_nothing_but_itself(tmp_path: Path) -> None:
    (tmp_path / "journals").write_text("a file where the folder would be")
    with Stdio(home=str(tmp_path)) as client:
        assert "result" in client.ask("tools/call", SESSION)
        _, errors = client.finish()
    assert client.process.returncode == 0
    assert errors.count("the history of this process is not kept") == 1
