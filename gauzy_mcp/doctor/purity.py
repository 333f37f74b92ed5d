"""Standard output of ``runstdio``: one JSON-RPC message a line, and not a byte of anything else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from gauzy_mcp.commands import started_from
from gauzy_mcp.doctor.finding import Finding, failed, passed, warned
from gauzy_mcp.env.table import ROOT

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment

_CHECK: Final = "stdout"
REFUSED: Final = 2
"""The exit code of a start that the configuration does not allow; what it says is found by another check."""

_SECONDS: Final = 15
_SHOWN: Final = 80
_REVISION: Final = "2025-11-25"
_MESSAGES: Final = (
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": _REVISION,
            "capabilities": {},
            "clientInfo": {"name": "gauzy-mcp-doctor", "version": "1"},
        },
    },
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
    {"jsonrpc": "2.0", "id": 2, "method": "tools/list", "params": {}},
)


def purity(env: Environment) -> Iterator[Finding]:
    """Starts the server as a client would, speaks to it, and reads all that it prints."""
    command = [sys.executable, *started_from(ROOT)]
    written = "".join(json.dumps(message) + "\n" for message in _MESSAGES)
    # The account has a check of its own, and must not delay this one.
    given = {**os.environ, "GAUZY_AUTO_LOGIN": "false"}
    try:
        done = subprocess.run(command, input=written.encode(), capture_output=True, env=given, timeout=_SECONDS)  # noqa: S603 - this very server
    except subprocess.TimeoutExpired:
        yield failed(_CHECK, f"runstdio did not end within {_SECONDS} seconds", f"run it by hand: {' '.join(command)}")
        return
    yield _judged(done.stdout.splitlines(), done.stderr.decode(errors="replace"), done.returncode)


def _judged(lines: Sequence[bytes], errors: str, code: int) -> Finding:
    messages = [_message(line) for line in lines]
    for line, message in zip(lines, messages, strict=True):
        if message is None:
            shown = line[:_SHOWN].decode(errors="replace")
            fix = "find what prints it: sitecustomize.py, PYTHONSTARTUP, PYTHONPATH, or a wrapper around the command"
            return failed(_CHECK, f"standard output of runstdio has a line that is no message: {shown!r}", fix)
    answers = {message.get("id"): message for message in messages if message}
    tools = answers.get(2, {}).get("result", {}).get("tools")
    if not tools:
        last = errors.strip().splitlines()[-1:] or ["nothing on standard error"]
        if code == REFUSED:
            return warned(_CHECK, f"not checked, because runstdio does not start: {last[0].strip()}", "mend that first")
        return failed(_CHECK, f"runstdio did not answer tools/list (exit code {code}): {last[0]}", "mend what it says")
    return passed(_CHECK, f"runstdio answers with {len(tools)} tools, and prints nothing but messages")


def _message(line: bytes) -> dict[str, Any] | None:
    try:
        message = json.loads(line)
    except ValueError:
        return None
    return message if isinstance(message, dict) and message.get("jsonrpc") == "2.0" else None
