"""The drivers of real clients end with their test, also when the sign-in that the client waits for fails."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.oauth.server.attended import attended

WAITS = (sys.executable, "-c", "print('open this', flush=True); input()")


def test_a_failed_visit_ends_the_client() -> None:
    with (
        pytest.raises(AssertionError, match="no such page"),
        attended(WAITS, stdin=subprocess.PIPE) as client,
    ):
        assert client.stdout is not None and client.stdout.readline() == "open this\n"
        raise AssertionError("no such page")
    assert client.returncode is not None and client.returncode < 0


def test_a_client_that_nobody_answers_is_ended() -> None:
    with attended(WAITS, stdin=subprocess.PIPE, limit=0.5) as client:
        assert client.stdout is not None
        client.stdout.read()
    assert client.returncode < 0


def test_a_client_that_is_served_ends_by_itself() -> None:
    with attended(WAITS, stdin=subprocess.PIPE) as client:
        assert client.stdin is not None
        client.stdin.write("the code\n")
        client.stdin.close()
    assert client.returncode == 0
