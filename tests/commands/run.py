"""Runs a command of manage.py to its end."""

from __future__ import annotations

from subprocess import CompletedProcess

from tests import forked
from tests.processes import MANAGE, environment


def manage(*arguments: str, **variables: str) -> CompletedProcess[str]:
    """The finished process; standard input is empty, as when a supervisor starts it."""
    return forked.run([MANAGE, *arguments], environment(variables))
