"""Cached environments for clients that cannot live in the project's own: made on first use, kept in ``.cache/peers``.

An environment is named by a hash of what it is made from, so a changed pin makes another one. It is built beside its
place and renamed into it, under a lock: whoever finds it finds all of it, also under pytest-xdist.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests.processes import ROOT

HERE = Path(__file__).resolve().parent
CACHE = ROOT / ".cache" / "peers"

NPM_RETRIES = ["--fetch-retries=2", "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=2000"]
"""Milliseconds; npm's own would keep a machine without network waiting for a minute."""

_SECONDS = 600


class InstallFailed(Exception):
    """An installer did not succeed; the message is what it gave as the reason."""


def python_v1() -> Path:
    """The interpreter of an environment with the last v1 Python SDK. Raises InstallFailed."""
    pins = HERE / "python" / "requirements.txt"

    def build(folder: Path) -> None:
        run([sys.executable, "-m", "venv", "--without-pip", str(folder)])
        pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "--disable-pip-version-check"]
        run([*pip, "install", "--quiet", "--no-compile", "-r", str(pins)])

    made_from = [pins.read_bytes(), sys.version.encode(), sys.base_prefix.encode()]
    return cached("python", made_from, build) / "bin" / "python"


def node_modules() -> Path:
    """The ``node_modules`` folder with the Node clients. Raises InstallFailed."""
    sources = [HERE / "node" / name for name in ("package.json", "package-lock.json")]

    def build(folder: Path) -> None:
        folder.mkdir()
        for source in sources:
            shutil.copy(source, folder)
        run(["npm", "ci", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", *NPM_RETRIES])

    return cached("node", [source.read_bytes() for source in sources], build) / "node_modules"


def cached(kind: str, made_from: Iterable[bytes], build: Callable[[Path], None], cache: Path = CACHE) -> Path:
    """The folder that ``build`` makes at the path it is given, built once for the same ``made_from``."""
    digest = hashlib.sha256(b"\0".join(made_from)).hexdigest()[:16]
    ready = cache / f"{kind}-{digest}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"{ready.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            unfinished = cache / f"{ready.name}.unfinished"
            # Left behind by a process that was killed while it built.
            shutil.rmtree(unfinished, ignore_errors=True)
            build(unfinished)
            unfinished.rename(ready)
    return ready


def run(command: Sequence[str]) -> None:
    """Runs an installer. Raises InstallFailed with the errors it printed, or else its last lines."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=_SECONDS)
    if done.returncode:
        lines = done.stdout.strip().splitlines()
        errors = [line for line in lines if line.lower().startswith(("error", "npm error"))]
        raise InstallFailed(f"{' '.join(command[:4])} … failed: {' / '.join(errors[:4] or lines[-4:])}")
