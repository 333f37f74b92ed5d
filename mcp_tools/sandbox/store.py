"""Records as JSON documents in one SQLite file, safe for several threads and processes."""

from __future__ import annotations

import contextlib
import datetime
import os
import queue
import secrets
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import orjson

from mcp_tools.clock import Clock, utc_now

Row = dict[str, Any]

VERSION: Final = 1
"""Of the records' shape and the demo data: a file of another version is emptied and seeded again."""

_SCHEMA: Final = (
    "DROP TABLE IF EXISTS record",
    "CREATE TABLE record (entity TEXT NOT NULL, id TEXT NOT NULL, tenant TEXT NOT NULL, "
    "position INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (entity, id)) WITHOUT ROWID",
    "CREATE INDEX record_tenant ON record (entity, tenant, position)",
    "CREATE INDEX record_position ON record (position)",
)
_SECONDS_TO_WAIT: Final = 20.0


class Store:
    """One SQLite file. ``seed`` fills a new one; whoever comes first does it, the others wait or take the result."""

    def __init__(self, path: Path, seed: Callable[[Transaction], None], clock: Clock = utc_now) -> None:
        self._clock = clock
        self._path = path
        self._seed = seed
        self._idle: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()

    @contextlib.contextmanager
    def transaction(self, *, write: bool) -> Iterator[Transaction]:
        """A consistent view; with ``write`` the lock is taken first, so two writers never meet half way."""
        connection = self._connection()
        try:
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield Transaction(connection, self._clock)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        except sqlite3.Error:
            connection.close()
            raise
        except BaseException:
            self._idle.put(connection)
            raise
        self._idle.put(connection)

    def close(self) -> None:
        """Closes the connections that are not in use; the store may be used again afterwards."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()

    def _connection(self) -> sqlite3.Connection:
        with contextlib.suppress(queue.Empty):
            return self._idle.get_nowait()
        if not self._path.exists():
            self._make()
        connection = _connect(self._path)
        if _version(connection) != VERSION:
            self._fill(connection)
        return connection

    def _make(self) -> None:
        """Writes a whole new file beside and links it into place: of two processes that race, both use the winner's.

        Switching an existing file to WAL fails when somebody else has it open, so it happens here as well.
        """
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            with contextlib.closing(_connect(draft)) as connection:
                connection.execute("PRAGMA synchronous=OFF")
                self._fill(connection)
                connection.execute("PRAGMA journal_mode=WAL")
            draft.chmod(0o600)
            with contextlib.suppress(FileExistsError):
                self._path.hardlink_to(draft)
        finally:
            draft.unlink(missing_ok=True)

    def _fill(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection) != VERSION:
            for statement in _SCHEMA:
                connection.execute(statement)
            self._seed(Transaction(connection, self._clock))
            connection.execute(f"PRAGMA user_version={VERSION}")
        connection.execute("COMMIT")


class Transaction:
    """Reads and writes of one request. Rows are dicts; keys that start with ``_`` never leave the sandbox.

    A row that was read may be changed by its reader, and is stored by :meth:`put` only. ``clock`` is the time of day.
    """

    def __init__(self, connection: sqlite3.Connection, clock: Clock) -> None:
        self._connection = connection
        self.clock = clock
        self._read: dict[tuple[str, str], dict[str, Row]] = {}

    def now(self) -> str:
        """This instant, as Gauzy writes it."""
        return iso(self.clock())

    def rows(self, entity: str, tenant_id: str) -> list[Row]:
        """All records of a tenant, in the order they were made."""
        return list(self._all(entity, tenant_id).values())

    def everywhere(self, entity: str) -> list[Row]:
        """All records of all tenants."""
        found = self._connection.execute("SELECT data FROM record WHERE entity = ? ORDER BY position", (entity,))
        return [orjson.loads(data) for (data,) in found]

    def oldest(self, entity: str, tenant_id: str) -> Row | None:
        """The record that was made first."""
        found = self._connection.execute(
            "SELECT data FROM record WHERE entity = ? AND tenant = ? ORDER BY position LIMIT 1", (entity, tenant_id)
        ).fetchone()
        return orjson.loads(found[0]) if found else None

    def find(self, entity: str, record_id: str | None, tenant_id: str) -> Row | None:
        if (entity, tenant_id) in self._read:
            return self._read[entity, tenant_id].get(record_id or "")
        found = self._connection.execute(
            "SELECT data FROM record WHERE entity = ? AND id = ? AND tenant = ?", (entity, record_id, tenant_id)
        ).fetchone()
        return orjson.loads(found[0]) if found else None

    def put(self, entity: str, row: Row) -> Row:
        """Stores a new or changed record; a missing ``id`` is made. A record without tenantId is everybody's."""
        row.setdefault("id", str(uuid.uuid4()))
        tenant_id = row.get("tenantId") or row.get("_tenantId") or ""
        self._connection.execute(
            "INSERT INTO record (entity, id, tenant, position, data) VALUES "
            "(?, ?, ?, (SELECT COALESCE(MAX(position), 0) + 1 FROM record), ?) "
            "ON CONFLICT (entity, id) DO UPDATE SET data = excluded.data",
            (entity, row["id"], tenant_id, orjson.dumps(row)),
        )
        self._read.pop((entity, tenant_id), None)
        return row

    def delete(self, entity: str, record_id: str, tenant_id: str) -> int:
        cursor = self._connection.execute(
            "DELETE FROM record WHERE entity = ? AND id = ? AND tenant = ?", (entity, record_id, tenant_id)
        )
        self._read.pop((entity, tenant_id), None)
        return cursor.rowcount

    def _all(self, entity: str, tenant_id: str) -> dict[str, Row]:
        """Kept for the length of the transaction: relations ask for the same records again and again."""
        known = self._read.get((entity, tenant_id))
        if known is None:
            found = self._connection.execute(
                "SELECT id, data FROM record WHERE entity = ? AND tenant = ? ORDER BY position", (entity, tenant_id)
            )
            known = self._read[entity, tenant_id] = {record_id: orjson.loads(data) for record_id, data in found}
        return known


def _connect(path: Path) -> sqlite3.Connection:
    # The store hands a connection to one thread at a time.
    connection = sqlite3.connect(path, timeout=_SECONDS_TO_WAIT, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def iso(moment: datetime.datetime) -> str:
    """``2026-11-23T10:51:13.000Z``, as Gauzy writes instants."""
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
