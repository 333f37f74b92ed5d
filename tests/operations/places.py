"""Where the history of a server is kept, and how tests read it: the database itself, as operators' tools would."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import secrets
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.processes import MANAGE, environment
from tests.requirements import need

ADMIN_URL = "postgresql://postgres@127.0.0.1:5432/postgres"
PATIENCE_SECONDS = 30


class History:
    """Rows as dictionaries. ``where`` is the home of a server on SQLite, or a URL of PostgreSQL."""

    def __init__(self, where: Path | str) -> None:
        self._where = where

    def rows(self, query: str) -> list[dict[str, Any]]:
        if isinstance(self._where, Path):
            with contextlib.closing(sqlite3.connect(self._where / "gauzy-mcp.sqlite3", timeout=20)) as opened:
                opened.row_factory = sqlite3.Row
                return [dict(row) for row in opened.execute(query)]
        with psycopg.connect(self._where, row_factory=psycopg.rows.dict_row) as connection:
            return list(connection.execute(query).fetchall())  # type: ignore[arg-type]

    def change(self, statement: str) -> None:
        """Changes SQLite past the server, as an operator's own tools may."""
        assert isinstance(self._where, Path)
        with contextlib.closing(sqlite3.connect(self._where / "gauzy-mcp.sqlite3", timeout=20)) as opened, opened:
            opened.execute(statement)

    def sessions(self) -> list[dict[str, Any]]:
        return self.rows("SELECT * FROM operations_sessionrecord ORDER BY created")

    def calls(self) -> list[dict[str, Any]]:
        return self.rows("SELECT * FROM operations_callrecord ORDER BY began")

    def until(self, read: Callable[[], Any], enough: Callable[[Any], object]) -> Any:
        """What ``read`` answers as soon as it is ``enough``: the history is written behind the requests."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while not enough(found := read()):
            assert time.monotonic() < ends, f"not within {PATIENCE_SECONDS} seconds: {found}"
            time.sleep(0.05)
        return found

    def session(self, uid: str, **wanted: Any) -> dict[str, Any]:
        """The session of that name, once it has the wanted values."""

        def is_there(rows: list[dict[str, Any]]) -> bool:
            return any(row["uid"] == uid and all(row[name] == value for name, value in wanted.items()) for row in rows)

        rows = self.until(self.sessions, is_there)
        return next(row for row in rows if row["uid"] == uid)


@contextlib.contextmanager
def postgres(*, migrated: bool = True) -> Iterator[str]:
    """The URL of an empty database of its own, which goes with the test."""
    need("postgres")
    url = _create(f" TEMPLATE {_name(_tables())}" if migrated else "")
    try:
        yield url
    finally:
        _drop(url)


@functools.cache
def _tables() -> str:
    """The URL of a database with every table, which others are copied from. It goes with this process."""
    url = _create()
    atexit.register(_drop, url)
    migrate(url)
    return url


def _create(like: str = "") -> str:
    name = f"gauzy_mcp_test_{secrets.token_hex(4)}"
    _administer(f'CREATE DATABASE "{name}"{like}')
    return urlunsplit(urlsplit(_admin())._replace(path=f"/{name}"))


def _drop(url: str) -> None:
    _administer(f"DROP DATABASE {_name(url)} WITH (FORCE)")


def _name(url: str) -> str:
    return f'"{urlsplit(url).path[1:]}"'


def _admin() -> str:
    given = os.environ.get("DATABASE_URL", "")
    return given if given.startswith("postgres") else ADMIN_URL


def _administer(command: str) -> None:
    with psycopg.connect(_admin(), autocommit=True) as connection:
        connection.execute(command)  # type: ignore[arg-type]


def migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, MANAGE, "migrate", "--verbosity", "0"], env=environment({"DATABASE_URL": url}), check=True
    )
