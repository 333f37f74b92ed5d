"""The application under plain ASGI servers, as operators may start it without ``runmcp``."""

from __future__ import annotations

import contextlib
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx

from tests.processes import ROOT, environment
from tests.tables import furnish

PATIENCE_SECONDS = 60


@contextlib.contextmanager
def serving(kind: str, home: Path, extra: Mapping[str, str] | None = None) -> Iterator[str]:
    """The base URL of the application under daphne, uvicorn or granian, until SIGTERM ends it."""
    env = environment(extra, str(home))
    furnish(env)
    for _ in range(5):
        # None of them says which port the system chose, so one is found and asked for.
        port = _free_port()
        process = subprocess.Popen([sys.executable, "-m", *_command(kind, port)], env=env, cwd=ROOT)
        base_url = f"http://127.0.0.1:{port}"
        if _answers(process, base_url):
            break
    try:
        yield base_url
    finally:
        process.terminate()
        process.wait(timeout=30)


def documented(kind: str) -> list[str]:
    """How docs/deployment.md starts ``kind``."""
    (line,) = re.findall(rf"^    ({kind} .*)$", (ROOT / "docs" / "deployment.md").read_text(), re.MULTILINE)
    return shlex.split(line)


def _command(kind: str, port: int) -> list[str]:
    quiet = ["-v", "0"] if kind == "daphne" else ["--log-level", "warning"]
    return [str(port) if word == "3001" else word for word in documented(kind)] + quiet


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(process: subprocess.Popen[bytes], base_url: str) -> bool:
    ends = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < ends:
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"{base_url}/healthz").status_code == 200
        time.sleep(0.05)
    return False
