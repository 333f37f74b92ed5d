"""Records as JSON documents in one SQLite file, safe for several threads and processes."""

from __future__ import annotations

import contextlib
import datetime
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import orjson

Row = dict[str, Any]

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS record (
    entity TEXT NOT NULL, id TEXT NOT NULL, tenant TEXT NOT NULL, position INTEGER NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (entity, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS record_tenant ON record (entity, tenant, position);
"""
_SECONDS_TO_WAIT: Final = 20.0


class Store:
    """Opened per request by :meth:`transaction`. ``seed`` fills an empty file, once, whoever comes first."""

    def __init__(self, path: Path, seed: Callable[[Transaction], None]) -> None:
        self._path = path
        self._seed = seed
        self._ready = False

    @contextlib.contextmanager
    def transaction(self, *, write: bool) -> Iterator[Transaction]:
        """A consistent view; with ``write`` the lock is taken first, so two writers never meet half way."""
        connection = sqlite3.connect(self._path, timeout=_SECONDS_TO_WAIT, isolation_level=None)
        try:
            self._prepare(connection)
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield Transaction(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        finally:
            connection.close()

    def _prepare(self, connection: sqlite3.Connection) -> None:
        if self._ready:
            return
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(_SCHEMA)
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("SELECT 1 FROM record LIMIT 1").fetchone() is None:
            self._seed(Transaction(connection))
        connection.execute("COMMIT")
        self._ready = True


class Transaction:
    """Reads and writes of one request. Rows are dicts; keys that start with ``_`` never leave the sandbox."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, entity: str, tenant_id: str) -> list[Row]:
        """All records of a tenant, in the order they were made."""
        found = self._connection.execute(
            "SELECT data FROM record WHERE entity = ? AND tenant = ? ORDER BY position", (entity, tenant_id)
        )
        return [orjson.loads(data) for (data,) in found]

    def everywhere(self, entity: str) -> list[Row]:
        """All records of all tenants."""
        found = self._connection.execute("SELECT data FROM record WHERE entity = ? ORDER BY position", (entity,))
        return [orjson.loads(data) for (data,) in found]

    def find(self, entity: str, record_id: str | None, tenant_id: str) -> Row | None:
        found = self._connection.execute(
            "SELECT data FROM record WHERE entity = ? AND id = ? AND tenant = ?", (entity, record_id, tenant_id)
        ).fetchone()
        return orjson.loads(found[0]) if found else None

    def put(self, entity: str, row: Row) -> Row:
        """Stores a new or changed record; ``id`` is made when it is missing."""
        row.setdefault("id", str(uuid.uuid4()))
        self._connection.execute(
            "INSERT INTO record (entity, id, tenant, position, data) VALUES "
            "(?, ?, ?, (SELECT COALESCE(MAX(position), 0) + 1 FROM record), ?) "
            "ON CONFLICT (entity, id) DO UPDATE SET data = excluded.data",
            (entity, row["id"], row.get("tenantId") or "", orjson.dumps(row)),
        )
        return row

    def delete(self, entity: str, record_id: str, tenant_id: str) -> int:
        cursor = self._connection.execute(
            "DELETE FROM record WHERE entity = ? AND id = ? AND tenant = ?", (entity, record_id, tenant_id)
        )
        return cursor.rowcount


def now() -> str:
    return iso(datetime.datetime.now(datetime.UTC))


def iso(moment: datetime.datetime) -> str:
    """``2026-11-23T10:51:13.000Z``, as Gauzy writes instants."""
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
