"""A client in a process of its own that waits for somebody's browser, and never for longer than the test wants."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

LIMIT: Final = 180.0
"""Seconds. None of these clients gives up by itself when nobody comes back from the browser."""


@contextlib.contextmanager
def attended(
    command: Sequence[str | Path],
    env: Mapping[str, str] | None = None,
    stdin: int = subprocess.DEVNULL,
    stderr: int = subprocess.STDOUT,
    limit: float = LIMIT,
) -> Iterator[subprocess.Popen[str]]:
    """Runs ``command`` to its end. It is killed when the block fails, and after ``limit`` seconds."""
    with subprocess.Popen(command, env=env, stdin=stdin, stdout=subprocess.PIPE, stderr=stderr, text=True) as process:
        patience = threading.Timer(limit, process.kill)
        patience.start()
        try:
            yield process
            process.wait()
        except BaseException:
            process.kill()
            raise
        finally:
            patience.cancel()
