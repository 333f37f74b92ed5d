"""Runs a command of manage.py to its end."""

from __future__ import annotations

import subprocess
import sys

from tests.processes import MANAGE, environment


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The finished process; standard input is empty, as when a supervisor starts it."""
    return subprocess.run(
        [sys.executable, MANAGE, *arguments],
        env=environment(variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
