"""Reads the journals of stdio processes (:mod:`.journal`) into the history. Runs in the thread that writes it.

How far a journal was read is kept in the row of its session and changes with what was read in one transaction, so that
several processes may read at once and each line counts once.
"""

from __future__ import annotations

import dataclasses
import datetime
import logging
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar

import orjson
from django.db import transaction

from mcp_tools.dispatch.observers import UNKNOWN_CALLER, CallerDetails
from mcp_tools.operations.gathering import Call, Gathered
from mcp_tools.operations.history import Lives, moment, write
from mcp_tools.operations.journal import SUFFIX
from mcp_tools.operations.models import SessionRecord
from mcp_tools.sessions.session import Session

log = logging.getLogger("gauzy_mcp.operations")

ABANDONED_SECONDS: Final = 24 * 3600.0
"""After so long untouched a journal without an end is removed: its process died, or sleeps very long."""

_AT_ONCE: Final = 4 * 1024 * 1024
_NAME: Final = re.compile(r"[0-9a-f]{16}" + re.escape(SUFFIX))
Made = TypeVar("Made")


class JournalReader:
    """``folder`` need not exist: it comes with the first stdio process."""

    def __init__(self, folder: Path, lives: Lives) -> None:
        self._folder = folder
        # A stdio process keeps its session itself, and its journal says when it ends.
        self._lives = dataclasses.replace(lives, process="")
        self._read: dict[str, tuple[int, int]] = {}

    def read(self) -> None:
        """Takes in what was written since. Raises django.db.Error."""
        for entry in self._entries():
            try:
                found = entry.stat()
                state = (found.st_size, found.st_mtime_ns)
                is_old = found.st_mtime < time.time() - ABANDONED_SECONDS
                if (state != self._read.get(entry.name) or is_old) and self._take(Path(entry.path), found, is_old):
                    self._read[entry.name] = state
            except (OSError, TypeError, ValueError) as error:
                log.warning("the journal %s cannot be read: %s", entry.name, error)

    def _entries(self) -> Iterator[os.DirEntry[str]]:
        try:
            entries = sorted(os.scandir(self._folder), key=lambda entry: entry.name)
        except FileNotFoundError:
            return
        self._read = {entry.name: self._read[entry.name] for entry in entries if entry.name in self._read}
        yield from (entry for entry in entries if _NAME.fullmatch(entry.name))

    def _take(self, path: Path, found: os.stat_result, is_old: bool) -> bool:
        """Reads one journal on, and removes it when it is over. False when there is more to read at once."""
        uid = path.name.removesuffix(SUFFIX)
        with path.open("rb") as file, transaction.atomic():
            first = _parsed(file.readline(_AT_ONCE)).get("session")
            if not isinstance(first, dict):
                return True
            offset = _row(uid, first, found.st_mtime, self._lives).journal_offset
            lines = _lines(file, offset if offset <= found.st_size else 0)
            gathered = Gathered()
            for line in lines.splitlines():
                _gather(gathered, uid, line)
            if gathered:
                write(gathered, self._lives)
            offset = file.tell() if lines else offset
            _renew(uid, found.st_mtime, self._lives, offset, is_over=uid in gathered.ended)
        is_read = not lines or offset >= found.st_size
        if is_read and (uid in gathered.ended or is_old):
            path.unlink(missing_ok=True)
            SessionRecord.objects.filter(uid=uid).update(journal_offset=0)
        return is_read


def _row(uid: str, first: dict[str, Any], touched: float, lives: Lives) -> SessionRecord:
    """The session's row, locked; a new one where this journal was never read."""
    created = moment(float(first.get("created", touched)))
    row = SessionRecord(
        uid=uid,
        transport="stdio",
        created=created,
        last_seen=created,
        expires=moment(touched) + lives.of("stdio"),
    )
    SessionRecord.objects.bulk_create([row], ignore_conflicts=True)
    return SessionRecord.objects.select_for_update().get(uid=uid)


def _lines(file: BinaryIO, offset: int) -> bytes:
    """Whole lines from ``offset`` on, a few megabytes at most; the file stands behind them afterwards."""
    file.seek(offset)
    data = file.read(_AT_ONCE)
    whole = data[: data.rfind(b"\n") + 1]
    file.seek(offset + len(whole))
    return whole


def _renew(uid: str, touched: float, lives: Lives, offset: int, *, is_over: bool) -> None:
    """Notes how far was read, and that the process ran when it touched its journal last."""
    rows, expires = SessionRecord.objects.filter(uid=uid), moment(touched) + lives.of("stdio")
    rows.update(journal_offset=offset, expires=expires)
    if is_over:
        return
    if expires < datetime.datetime.now(datetime.UTC):
        lost = rows.filter(state=SessionRecord.State.LIVE)
        lost.update(state=SessionRecord.State.EXPIRED, ended=moment(touched), in_flight=0)
    else:
        rows.filter(state=SessionRecord.State.EXPIRED).update(state=SessionRecord.State.LIVE, ended=None)


def _gather(gathered: Gathered, uid: str, line: bytes) -> None:
    """Adds one line; one that is not ours, or of another version, adds nothing."""
    try:
        for kind, value in _parsed(line).items():
            if kind == "session":
                gathered.seen[uid] = (_session(uid, value), float(value["seen"]))
                gathered.callers[uid] = _caller(value["caller"])
            elif kind == "call":
                gathered.calls.append(_call(uid, value))
            elif kind == "run":
                gathered.run(uid, int(value))
            elif kind == "end":
                gathered.ended[uid] = (float(value[0]), SessionRecord.State(value[1]).value)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        log.warning("a line of the journal of session %s is not readable: %s", uid, error)


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _session(uid: str, value: dict[str, Any]) -> Session:
    created, seen = float(value["created"]), float(value["seen"])
    client = dict(value["client"])
    return Session("", "stdio", created=created, last_seen=seen, uid=uid, revision=value["revision"], client=client)


def _call(uid: str, value: dict[str, Any]) -> Call:
    given = {**value, "uid": uid, "arguments": value["arguments"].encode(), "caller": _caller(value["caller"])}
    return _made(Call, given)


def _caller(value: dict[str, Any]) -> CallerDetails:
    return _made(CallerDetails, value) if value else UNKNOWN_CALLER


def _made(kind: type[Made], value: dict[str, Any]) -> Made:
    """A dataclass of what it knows of ``value``, which a process of another version may have written."""
    known = {field.name for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: item for name, item in value.items() if name in known})
