"""The database at the start of a network process: tables that are there, and a first operator."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gauzy_mcp.env import EnvironmentInvalid
from gauzy_mcp.home import ensure_home, private_file

if TYPE_CHECKING:
    from pathlib import Path

    from gauzy_mcp.env import Environment

FIRST_OPERATOR = ("DJANGO_SUPERUSER_USERNAME", "DJANGO_SUPERUSER_EMAIL", "DJANGO_SUPERUSER_PASSWORD")
"""Django's own names, as ``createsuperuser --noinput`` reads them."""


def prepare(env: Environment) -> None:
    """SQLite is migrated by itself. Raises EnvironmentInvalid when its file cannot be used, and when a database of
    DATABASE_URL is not up to date: several processes start at once there, and an operator decides when its tables
    change."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import DatabaseError, OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    if env.DATABASE_URL is None:
        try:
            with _alone(env.home):
                private_file(env.home / "gauzy-mcp.sqlite3")
                call_command("migrate", verbosity=0)
        except (DatabaseError, sqlite3.Error) as error:
            file = env.home / "gauzy-mcp.sqlite3"
            raise EnvironmentInvalid(
                [
                    f"the database {file} cannot be used: {error}. Move the file away, and the next start makes a new "
                    "one, or let GAUZY_MCP_HOME name another folder"
                ]
            ) from None
    else:
        try:
            executor = MigrationExecutor(connection)
        except OperationalError as error:
            raise EnvironmentInvalid(
                [f"DATABASE_URL: the database cannot be reached: {str(error).splitlines()[0]}"]
            ) from None
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise EnvironmentInvalid(["DATABASE_URL: the tables are not up to date. Run: python manage.py migrate"])
    _first_operator()
    connection.close()


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One process at a time makes tables: the lock of a file of SQLite's goes with its process, on every system."""
    lock = sqlite3.connect(ensure_home(home) / "migrating.sqlite3", timeout=60, isolation_level=None)
    with contextlib.closing(lock):
        lock.execute("BEGIN EXCLUSIVE")
        yield


def _first_operator() -> None:
    """Makes the operator that the environment names, unless there is one of that name."""
    username, email, password = (os.environ.get(name, "") for name in FIRST_OPERATOR)
    if not (username and password):
        return
    from django.contrib.auth import get_user_model
    from django.db import IntegrityError

    users = get_user_model()
    if not users.objects.filter(username=username).exists():
        # Another process may start at the same moment and make it.
        with contextlib.suppress(IntegrityError):
            users.objects.create_superuser(username, email, password)
