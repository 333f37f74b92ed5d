"""``--test`` asks Gauzy and signs in, and its exit code says how it went."""

from __future__ import annotations

import pytest

from tests.commands.run import manage

COMMANDS = pytest.mark.parametrize("command", ["runstdio", "runmcp"])


@COMMANDS
def test_it_passes_where_gauzy_answers_and_the_login_works(command: str) -> None:
    done = manage(command, "--test")
    assert done.returncode == 0
    assert "All checks passed." in done.stdout + done.stderr
    assert command == "runmcp" or done.stdout == ""


@COMMANDS
def test_it_fails_on_a_wrong_password(command: str) -> None:
    done = manage(command, "--test", GAUZY_AUTH_EMAIL="demo@gauzy.local", GAUZY_AUTH_PASSWORD="wrong-secret")
    told = done.stdout + done.stderr
    assert done.returncode == 1
    assert "FAIL  login" in told and "demo@gauzy.local" in told
    assert "wrong-secret" not in told


def test_it_fails_where_nothing_answers() -> None:
    done = manage("runstdio", "--test", API_BASE_URL="http://127.0.0.1:9")
    assert done.returncode == 1
    assert "http://127.0.0.1:9" in done.stderr and "API_BASE_URL" in done.stderr


def test_it_fails_without_an_account() -> None:
    done = manage("runstdio", "--test", API_BASE_URL="http://127.0.0.1:9")
    assert "FAIL" in done.stderr
