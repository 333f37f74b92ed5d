"""The journal of a stdio process: what its sessions and calls were, for the history that operators read.

A stdio process loads no Django and opens no database, so that it starts at once. It appends lines of JSON to
``GAUZY_MCP_HOME/journals/<session>.jsonl``, from a thread; a network process with the same home reads them into the
history (:mod:`.journal_reader`). Without one they stay until they are old. Touching the file says that the process
still runs. Lines have one of the keys ``session``, ``call``, ``run`` (how the number of running calls changed) and
``end``.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final

import orjson

from mcp_tools.dispatch.observers import UNKNOWN_CALLER, CallerDetails, Observer, Operation
from mcp_tools.operations.gathering import Digests
from mcp_tools.sessions.session import Session

log = logging.getLogger("gauzy_mcp.operations")

FOLDER: Final = "journals"
SUFFIX: Final = ".jsonl"
MAX_BYTES: Final = 32 * 1024 * 1024
"""Of one journal; what comes later is dropped, and the log says so."""

MOST_JOURNALS: Final = 500
"""Kept in a folder that nobody reads; the oldest go."""

_CLOSE_SECONDS: Final = 1.0
_SEEN_SECONDS: Final = 60.0
_TOUCH: Final = b""


class Journal(Observer):
    """``folder`` is that of all journals. Never raises for the disk: a process works without its journal."""

    def __init__(self, folder: Path, digests: Digests, days: int) -> None:
        self._folder = folder
        self._digests = digests
        self._oldest_seconds = days * 24 * 3600
        self._lines: SimpleQueue[bytes | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._path: Path | None = None
        self._told: tuple[str, CallerDetails] | None = None
        self._told_at = 0.0
        self._bytes = 0

    def session_began(self, session: Session, caller: CallerDetails = UNKNOWN_CALLER) -> None:
        self.session_seen(session, caller)

    def session_seen(self, session: Session, caller: CallerDetails = UNKNOWN_CALLER) -> None:
        """Writes what is new; a session is seen with every request."""
        told, now = (session.revision, caller), time.time()
        if told == self._told and now - self._told_at < _SEEN_SECONDS:
            return
        self._told, self._told_at = told, now
        if self._path is None:
            self._path = self._folder / f"{session.uid}{SUFFIX}"
        self._append("session", _session(session, caller, now))

    def operation_began(self, session: Session | None, caller: CallerDetails = UNKNOWN_CALLER) -> None:
        if session is not None:
            self.session_seen(session, caller)
            self._append("run", 1)

    def operation_ended(self, operation: Operation) -> None:
        if not operation.tool:
            return
        if operation.began_as:
            self._append("run", -1)
        call = dataclasses.asdict(self._digests.call(operation))
        self._append("call", {**call, "arguments": call["arguments"].decode()})

    def sessions_connected(self, sessions: Sequence[Session]) -> None:
        if self._path is not None:
            self._put(_TOUCH)

    def close(self) -> None:
        """Writes the end, and waits until everything is written, though not for a disk that hangs."""
        if self._thread is None:
            return
        self._append("end", [time.time(), "closed"])
        self._lines.put(None)
        self._thread.join(_CLOSE_SECONDS)

    def _append(self, kind: str, value: Any) -> None:
        line = orjson.dumps({kind: value}) + b"\n"
        if self._path is None:
            return
        if self._bytes > MAX_BYTES and kind == "call":
            return
        self._bytes += len(line)
        if self._bytes > MAX_BYTES and kind == "call":
            log.warning("the journal of this process is full: its further calls are not in the history")
        self._put(line)

    def _put(self, line: bytes) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._write_forever, name="journal", daemon=True)
            self._thread.start()
        self._lines.put(line)

    def _write_forever(self) -> None:
        assert self._path is not None
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            prune(self._folder, self._oldest_seconds)
            while (lines := self._waiting()) is not None:
                _write(self._path, lines)
        except OSError as error:
            log.warning("the history of this process is not kept: %s", error)

    def _waiting(self) -> bytes | None:
        """Every line that waits, at least one; None after the last."""
        first = self._lines.get()
        if first is None:
            return None
        lines = [first]
        with contextlib.suppress(Empty):
            while True:
                line = self._lines.get_nowait()
                if line is None:
                    self._lines.put(None)
                    break
                lines.append(line)
        return b"".join(lines)


def prune(folder: Path, oldest_seconds: float) -> None:
    """Removes journals that are too old, and the oldest where there are too many."""
    found = sorted(((entry.stat().st_mtime, entry.path) for entry in os.scandir(folder)), reverse=True)
    oldest = time.time() - oldest_seconds
    for number, (written, path) in enumerate(found):
        if number >= MOST_JOURNALS or written < oldest:
            Path(path).unlink(missing_ok=True)


def _write(path: Path, lines: bytes) -> None:
    if not lines:
        # It may have been read and removed: then there is nothing to say yet.
        with contextlib.suppress(FileNotFoundError):
            os.utime(path)
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        file.write(lines)


def _session(session: Session, caller: CallerDetails, now: float) -> dict[str, Any]:
    client = {name: str(session.client.get(name, ""))[:200] for name in ("name", "version")}
    short = dataclasses.replace(
        caller, client_name=caller.client_name[:200], client_version=caller.client_version[:200]
    )
    return {
        "uid": session.uid,
        "created": session.created,
        "seen": now,
        "revision": session.revision,
        "client": client,
        "caller": dataclasses.asdict(short),
    }
