"""Real server processes for tests, with a home of their own and ports that the system chooses."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.forked import Forked
from tests.schema.conversation import Conversation, parsed
from tests.tables import furnish

ROOT = Path(__file__).resolve().parent.parent
MANAGE = str(ROOT / "manage.py")
PATIENCE_SECONDS = 60


def environment(extra: Mapping[str, str] | None = None, home: str | None = None) -> dict[str, str]:
    """A clean environment: nothing of the developer's own configuration reaches the process."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MCP_", "GAUZY_", "API_", "THROTTLE_", "REDIS_URL", "DATABASE_URL", "OTEL_"))
    }
    own = {
        "GAUZY_MCP_HOME": home or tempfile.mkdtemp(prefix="gauzy-mcp-test-"),
        "GAUZY_MCP_ENV_FILE": "none",
        "THROTTLE_ENABLED": "false",
    }
    return {**kept, **own, **(extra or {})}


@dataclass
class Server:
    """A running ``runmcp``. ``http`` and ``ws`` are base URLs such as ``http://127.0.0.1:40123``."""

    process: subprocess.Popen[str] | Forked
    log: Path
    urls: dict[str, str] = field(default_factory=dict)

    @property
    def http(self) -> str:
        return self.urls["HTTP"].rsplit("/", 1)[0]

    @property
    def ws(self) -> str:
        return self.urls["WebSocket"].rsplit("/", 1)[0]

    def logged(self) -> str:
        return self.log.read_text()


@contextlib.contextmanager
def server(
    extra: Mapping[str, str] | None = None,
    home: str | None = None,
    command: Sequence[str] = (MANAGE, "runmcp"),
    program: str | None = None,
) -> Iterator[Server]:
    """Starts ``runmcp`` and waits, by reading what it prints, until every listener is there.

    The process is forked from one with the libraries loaded, unless ``program`` is to run ``command``.
    """
    chosen = {"MCP_TRANSPORT": "all", "MCP_HTTP_PORT": "0", "MCP_WS_PORT": "0", **(extra or {})}
    wanted = {"http": 1, "websocket": 1, "all": 2}[chosen["MCP_TRANSPORT"]]
    env = environment(chosen, home)
    furnish(env)
    log = Path(tempfile.mkstemp(prefix="gauzy-mcp-test-", suffix=".log")[1])
    with log.open("w") as errors:
        process: subprocess.Popen[str] | Forked
        if program is None:
            process = Forked(command, env, errors)
        else:
            process = subprocess.Popen([program, *command], env=env, stdout=subprocess.PIPE, stderr=errors, text=True)
    running = Server(process, log)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            match = re.match(r"(HTTP|WebSocket)\s+(\S+)", line)
            if match:
                running.urls[match[1]] = match[2]
            if len(running.urls) == wanted:
                break
        assert len(running.urls) == wanted, f"the server did not start:\n{running.logged()}"
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=30)
        finally:
            process.kill()


class Stdio:
    """A ``runstdio`` process that is spoken to line by line; what it says is checked against the protocol's schemas."""

    def __init__(
        self,
        extra: Mapping[str, str] | None = None,
        *arguments: str,
        home: str | None = None,
        command: Sequence[str] = (MANAGE, "runstdio"),
        program: str = sys.executable,
    ) -> None:
        self.process = subprocess.Popen(
            [program, *command, *arguments],
            env=environment(extra, home),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tempfile.gettempdir(),
        )
        self.conversation = Conversation()

    def send(self, message: Any) -> None:
        assert self.process.stdin is not None
        data = message if isinstance(message, bytes) else json.dumps(message).encode()
        self.conversation.sent(parsed(data))
        self.process.stdin.write(data + b"\n")
        self.process.stdin.flush()

    def read(self) -> Any:
        assert self.process.stdout is not None
        # A process that says nothing would keep the test waiting for ever.
        watchdog = threading.Timer(PATIENCE_SECONDS, self.process.kill)
        watchdog.start()
        line = self.process.stdout.readline()
        watchdog.cancel()
        assert line, f"the process closed its standard output, or said nothing for {PATIENCE_SECONDS} seconds"
        return self.conversation.received(json.loads(line))

    def ask(self, method: str, params: Mapping[str, Any] | None = None, request_id: int | str = 1) -> Any:
        self.send({"jsonrpc": "2.0", "id": request_id, "method": method, "params": dict(params or {})})
        return self.read()

    def finish(self) -> tuple[str, str]:
        """Ends standard input and answers the rest of both outputs."""
        out, errors = self.process.communicate(timeout=30)
        return out.decode(), errors.decode()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
