"""The command line, of ``manage.py`` in a checkout and of ``gauzy-mcp`` where the package is installed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

STARTERS: Final = ("runstdio", "runmcp")
"""Commands that speak the protocol on standard output start before Django does, so that nothing can print into it."""

USAGE_ERROR: Final = 2

_NOT_HERE: Final = {
    "test": "To check that Gauzy answers and your account can sign in, run: {program} runstdio --test\n"
    "To run the tests of this project, run: make test",
    "runserver": "To serve HTTP, run: MCP_TRANSPORT=http {program} runmcp",
    "testserver": "To serve HTTP with a demo company, run: MCP_TRANSPORT=http {program} runmcp",
}
"""Commands of Django that would do something else here: find no tests and pass, or serve without any check of who can
reach the address."""

_ABOUT: Final = """\
gauzy-mcp works with Ever Gauzy for an assistant that speaks the Model Context Protocol.

  gauzy-mcp              serve on standard input and output, for a client that starts programs;
                         --toolsets core,tasks chooses tools, --test checks Gauzy and the account
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
    """The console script: without a command it is ``runstdio``, with all its options."""
    arguments = sys.argv[1:]
    if arguments[:1] in (["-h"], ["--help"]):
        sys.stdout.write(_ABOUT)
        return
    names_command = arguments and not arguments[0].startswith("-")
    run(arguments if names_command else ["runstdio", *arguments])


def run(arguments: Sequence[str]) -> None:
    """Runs one command line, and exits with its code where it has one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gauzy_mcp.settings")
    command, *rest = arguments or [""]
    if command in _NOT_HERE:
        print(
            f"{command!r} is not a command of this server.\n{_NOT_HERE[command].format(program=_program())}",
            file=sys.stderr,
        )
        sys.exit(USAGE_ERROR)
    early = _early(command)
    if early is not None:
        sys.exit(early(rest))
    from django.core.management import execute_from_command_line

    from gauzy_mcp.env import EnvironmentInvalid

    try:
        execute_from_command_line([sys.argv[0], *arguments])
        sys.stdout.flush()
    except EnvironmentInvalid as error:
        print(error, file=sys.stderr)
        sys.exit(USAGE_ERROR)
    except BrokenPipeError:
        # Whoever reads the output has enough, as head has. What is left must not be tried again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _program() -> str:
    """What was typed to get here."""
    name = Path(sys.argv[0]).name
    return {"manage.py": "python manage.py", "__main__.py": "python -m gauzy_mcp"}.get(name, name)


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
