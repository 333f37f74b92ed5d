"""The database: whether it is there, can be written, and has the tables of this version."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from gauzy_mcp.doctor.finding import Finding, failed, passed

if TYPE_CHECKING:
    from pathlib import Path

    from gauzy_mcp.env import Environment

_CHECK: Final = "database"
_MIGRATE: Final = "run python manage.py migrate"


def database(env: Environment) -> Iterator[Finding]:
    unwritable = _unwritable(env.home)
    if unwritable:
        yield failed(_CHECK, f"the folder {env.home} cannot be used: {unwritable}", "let GAUZY_MCP_HOME name another")
        return
    file = env.home / "gauzy-mcp.sqlite3"
    if env.DATABASE_URL is None and not file.exists():
        yield passed(_CHECK, f"SQLite; the first start of runmcp makes {file}")
        return
    yield _tables(env, "PostgreSQL of DATABASE_URL" if env.DATABASE_URL else f"SQLite at {file}")


def _unwritable(folder: Path) -> str | None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return error.strerror or str(error)


def _tables(env: Environment, place: str) -> Finding:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gauzy_mcp.settings")
    import django
    from django.db import DatabaseError, connection
    from django.db.migrations.exceptions import InconsistentMigrationHistory
    from django.db.migrations.executor import MigrationExecutor

    try:
        django.setup()
        executor = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except InconsistentMigrationHistory as error:
        return failed(_CHECK, f"{place} has tables of another version: {error}", "restore its backup, or use a new one")
    except DatabaseError as error:
        # The first line says what; the others repeat addresses.
        return failed(_CHECK, f"{place} cannot be used: {str(error).splitlines()[0]}", _reach(env))
    finally:
        connection.close()
    if missing and env.DATABASE_URL:
        return failed(_CHECK, f"{place} answers, but {len(missing)} migrations have not run", _MIGRATE)
    told = f"; the next start of runmcp runs {len(missing)} migrations" if missing else ", with all its tables"
    return passed(_CHECK, f"{place} answers{told}")


def _reach(env: Environment) -> str:
    if env.DATABASE_URL:
        return "check host, port, name and account in DATABASE_URL, and that the server runs"
    return "move the file away, a new one is made at the next start, or let GAUZY_MCP_HOME name another folder"
