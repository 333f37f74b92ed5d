"""Processes that serve from one GAUZY_MCP_HOME: each leaves a file named after its process id, and has a name."""

from __future__ import annotations

import os
import socket
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


def own_name() -> str:
    """The name of this process, which no other one has: ``host/process id/begin``, at most 100 characters."""
    return f"{socket.gethostname()[:64]}/{os.getpid()}/{psutil.Process().create_time():.2f}"


def has_ended(name: str, *, is_here: bool) -> bool:
    """Whether the process of that name is over. One of another machine runs, for all that can be known here, unless
    ``is_here`` says that all there are run on this machine: it then had another name before."""
    host, _, rest = name.partition("/")
    if host != socket.gethostname()[:64]:
        return is_here
    pid, _, began = rest.partition("/")
    return not _runs(int(pid), began)


def _is_alive(pid: int, path: Path) -> bool:
    try:
        return _runs(pid, path.read_text())
    except FileNotFoundError:
        return False


def _runs(pid: int, began: str) -> bool:
    """Whether it still runs; when it began tells it from a later process with the same id."""
    try:
        return abs(psutil.Process(pid).create_time() - float(began)) < _SAME_SECONDS
    except (psutil.Error, ValueError):
        return False
