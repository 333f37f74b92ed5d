"""Supervisors and terminals end ``make run`` by a signal to make."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import ROOT, environment


@pytest.fixture
def made(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """``make run`` with this Python's packages, in a session of its own."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    (tmp_path / ".installed").touch()
    process = subprocess.Popen(
        ["make", f"VENV={tmp_path}", "run"], cwd=ROOT, env=environment({"MCP_HTTP_PORT": "0", "MCP_WS_PORT": "0"}),
        stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    yield process
    with process, contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def test_the_server_ends_with_it(made: subprocess.Popen[str]) -> None:
    assert made.stdout is not None
    assert any(re.match(r"Gauzy ", line) for line in made.stdout), "the server did not start"
    made.send_signal(signal.SIGTERM)
    # The pipe closes with the last process that holds it: the server itself.
    assert made.communicate(timeout=30)[0] is not None


def test_every_target_that_serves_hands_signals_on() -> None:
    recipes = dict(re.findall(r"^([a-z-]+):.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for target in ("run", "dev", "conformance-server"):
        assert "exec $(BIN)/python" in recipes[target], target
