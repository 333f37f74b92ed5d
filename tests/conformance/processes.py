"""The fixture server and the fixture stdio process, as real processes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

from tests.processes import ROOT, Server, Stdio, server

FOUND = {"PYTHONPATH": str(ROOT)}
"""These tests are a package of the checkout, wherever a process starts."""


@contextlib.contextmanager
def fixture_server(extra: Mapping[str, str] | None = None) -> Iterator[Server]:
    """``python -m tests.conformance.server`` at a port that the system chooses; its WebSocket is at the same one."""
    chosen = {**FOUND, "MCP_TRANSPORT": "http", "PORT": "0", **(extra or {})}
    with server(chosen, command=("-m", "tests.conformance.server")) as running:
        yield running


def fixture_stdio(extra: Mapping[str, str] | None = None) -> Stdio:
    """``python -m tests.conformance.stdio``, to be spoken to line by line."""
    return Stdio({**FOUND, **(extra or {})}, command=("-m", "tests.conformance.stdio"))
