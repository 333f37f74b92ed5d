"""Which processes serve from one GAUZY_MCP_HOME: each leaves a file named after its process id."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

FOLDER = "processes"
_SAME_SECONDS = 2.0
"""The clock of the machine may be set meanwhile."""


def enter(home: Path) -> Path:
    """Says that this process serves. Answers the file to remove when it ends; a killed one's is found out."""
    folder = home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / str(os.getpid())
    path.write_text(str(psutil.Process().create_time()))
    return path


def others(home: Path) -> list[int]:
    """The ids of the other processes that serve from ``home`` on this machine."""
    found = []
    for path in sorted((home / FOLDER).glob("[0-9]*")):
        pid = int(path.name)
        if pid == os.getpid():
            continue
        if _is_alive(pid, path):
            found.append(pid)
        else:
            path.unlink(missing_ok=True)
    return found


def _is_alive(pid: int, path: Path) -> bool:
    """Whether it still runs; when it began tells it from a later process with the same id."""
    try:
        return abs(psutil.Process(pid).create_time() - float(path.read_text())) < _SAME_SECONDS
    except (psutil.Error, FileNotFoundError, ValueError):
        return False
