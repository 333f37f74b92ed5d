"""A client in a process of its own, in Python or Node, that is told over standard input what to call."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from tests.peers.environments import HERE
from tests.processes import MANAGE, Server, environment

ENDPOINTS = ["stdio", "http /mcp", "http /sse/", "websocket /mcp/", "websocket /sse"]
"""With a slash at the end and without, which makes no difference."""


class Driven:
    """Connects when it is made. ``opened`` is ``{"protocolVersion", "server", "tools"}``."""

    def __init__(self, command: Sequence[str], env: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.opened = self._read()

    def call(self, tool: str, arguments: dict[str, Any] | None = None) -> Any:
        """``{"result": CallToolResult}`` or ``{"error": {"code", "message"}}``, as the client saw it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([tool, arguments or {}]) + "\n")
        self._process.stdin.flush()
        return self._read()

    def finish(self) -> int:
        """Ends its input and waits until it has closed its connection; answers the exit status."""
        self._process.communicate(timeout=30)
        return self._process.returncode

    def _read(self) -> Any:
        assert self._process.stdout is not None and self._process.stderr is not None
        line = self._process.stdout.readline()
        assert line, f"the client ended:\n{self._process.stderr.read()}"
        return json.loads(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()


def python_client(interpreter: Path, where: Sequence[str]) -> Driven:
    """The v1 Python client at ``where``: a URL, or the command of a stdio server."""
    return Driven([str(interpreter), str(HERE / "python" / "client.py"), *where], environment())


def node_client(modules: Path, where: Sequence[str]) -> Driven:
    """The v1 TypeScript client at ``where``: a URL, or the command of a stdio server."""
    return Driven([*node(), str(HERE / "node" / "client.cjs"), *where], node_environment(modules))


def node_client_v2(modules: Path, mode: str, where: Sequence[str]) -> Driven:
    """The v2 TypeScript client; ``mode`` is ``legacy``, ``auto`` or a revision to insist on."""
    return Driven([*node(), str(HERE / "node" / "client_v2.cjs"), mode, *where], node_environment(modules))


def address(live: Server, endpoint: str) -> list[str]:
    """Where a client connects for one of ``ENDPOINTS``; ``stdio`` is a command, and so a process for each client."""
    transport, _, path = endpoint.partition(" ")
    if transport == "stdio":
        return [sys.executable, MANAGE, "runstdio"]
    return [(live.ws if transport == "websocket" else live.http) + path]


def node() -> list[str]:
    """Node with a global WebSocket: version 20 wants the flag, later ones take it too."""
    return ["node", "--experimental-websocket"]


def node_environment(modules: Path) -> dict[str, str]:
    return {**environment(), "NODE_PATH": str(modules), "NODE_NO_WARNINGS": "1"}
