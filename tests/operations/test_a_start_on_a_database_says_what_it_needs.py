"""Tables of DATABASE_URL change when an operator says so: several processes start at once there."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.operations.places import History, migrate, postgres
from tests.processes import MANAGE, environment, server
from tests.transports.calls import client, initialize


def start(url: str) -> subprocess.CompletedProcess[str]:
    extra = {"DATABASE_URL": url, "MCP_TRANSPORT": "http", "MCP_HTTP_PORT": "0"}
    command = [sys.executable, MANAGE, "runmcp"]
    return subprocess.run(command, env=environment(extra), capture_output=True, text=True, timeout=60)


def test_it_does_not_start_on_tables_that_are_not_up_to_date() -> None:
    with postgres(migrated=False) as url:
        refused = start(url)
        assert refused.returncode == 2
        assert "python manage.py migrate" in refused.stderr
        assert "Traceback" not in refused.stderr
        migrate(url)
        with server({"DATABASE_URL": url, "MCP_TRANSPORT": "http"}) as running, client(running.http) as http:
            initialize(http)
            history = History(url)
            assert history.until(history.sessions, len)


@pytest.mark.parametrize("address", ["postgresql://nobody:a-database-password@127.0.0.1:1/none"])
def test_it_does_not_start_on_a_database_that_does_not_answer_and_keeps_the_password(address: str) -> None:
    refused = start(address)
    assert refused.returncode == 2
    assert "DATABASE_URL" in refused.stderr
    assert "a-database-password" not in refused.stderr + refused.stdout


def test_processes_that_start_at_once_on_sqlite_all_start(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each would make the tables."""
    home = str(tmp_path_factory.mktemp("home"))
    extra = {"MCP_TRANSPORT": "http", "MCP_HTTP_PORT": "0", "DJANGO_SUPERUSER_USERNAME": "operator"}
    extra["DJANGO_SUPERUSER_PASSWORD"] = "an-operator-of-these-tests"
    processes = [
        subprocess.Popen(
            [sys.executable, MANAGE, "runmcp"], env=environment(extra, home), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    try:
        assert [process.stdout.readline()[:4] for process in processes if process.stdout] == ["HTTP"] * 3
    finally:
        for process in processes:
            process.terminate()
            _, errors = process.communicate(timeout=30)
            assert "Traceback" not in errors, errors
