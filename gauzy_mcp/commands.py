"""The command line, of ``manage.py`` in a checkout and of ``gauzy-mcp`` where the package is installed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

STARTERS: Final = ("runstdio", "runmcp")
"""Commands that speak the protocol on standard output start before Django does, so that nothing can print into it."""

_ABOUT: Final = """\
gauzy-mcp works with Ever Gauzy for an assistant that speaks the Model Context Protocol.

  gauzy-mcp              serve on standard input and output, for a client that starts programs
  gauzy-mcp runmcp       serve what MCP_TRANSPORT says: http, websocket, all
  gauzy-mcp config       tell a client of this server: --client claude-desktop, cursor, vscode and more
  gauzy-mcp doctor       check this installation, and say what to mend
  gauzy-mcp tools list   the tools; also show, call and tokens
  gauzy-mcp help         every command, those of Django too

Each tells more with --help. Every variable: docs/configuration.md in the project.
"""


def started_from(root: Path) -> tuple[str, ...]:
    """What to give Python so that it serves stdio from ``root``, a checkout or where packages are installed."""
    checkout = root / "manage.py"
    return (str(checkout), "runstdio") if checkout.is_file() else ("-m", "gauzy_mcp", "runstdio")


def main() -> None:
    """The console script: without a command it is ``runstdio``."""
    arguments = sys.argv[1:] or ["runstdio"]
    if arguments[0] in ("-h", "--help"):
        sys.stdout.write(_ABOUT)
        return
    if arguments[0] == "--version":
        arguments = ["runstdio", "--version"]
    run(arguments)


def run(arguments: Sequence[str]) -> None:
    """Runs one command line, and exits with its code where it has one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gauzy_mcp.settings")
    command, *rest = arguments or [""]
    early = _early(command)
    if early is not None:
        sys.exit(early(rest))
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line([sys.argv[0], *arguments])
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads the output has enough, as head has. What is left must not be tried again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _early(command: str) -> Callable[[Sequence[str]], int] | None:
    """What needs no Django; a bad environment must not keep ``doctor`` and ``config`` from saying what is wrong."""
    if command in STARTERS:
        from gauzy_mcp.entry import main as start

        return lambda rest: start(command, rest)
    if command == "config":
        from gauzy_mcp.client_config import main as config

        return config
    if command == "doctor":
        from gauzy_mcp.doctor import main as doctor

        return doctor
    return None
