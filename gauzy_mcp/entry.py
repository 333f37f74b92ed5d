"""How a server process starts: ``runstdio`` and ``runmcp``, before and, for stdio, without Django."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gauzy_mcp import __version__, logs
from gauzy_mcp.env import EnvironmentInvalid, Loaded, load_from_process
from gauzy_mcp.home import require_writable
from mcp_tools.protocol.errors import ProtocolError
from mcp_tools.sessions.errors import StateUnavailable

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment
    from gauzy_mcp.wiring import Assembly
    from mcp_tools.dispatch.tool_selection import ToolSelection

USAGE_ERROR = 2


def main(command: str, arguments: Sequence[str]) -> int:
    """Runs ``command`` and answers its exit code: 0 done, 1 the check failed, 2 not startable as configured."""
    options = parser(command).parse_args(arguments)
    try:
        return _start(command, options)
    except (EnvironmentInvalid, StateUnavailable) as error:
        print(error, file=sys.stderr)
        return USAGE_ERROR


def _start(command: str, options: argparse.Namespace) -> int:
    loaded = load_from_process()
    env = loaded.environment
    transports = {"stdio"} if command == "runstdio" else env.resolve_transports(stdin_is_terminal=sys.stdin.isatty())
    private = _claim_stdout() if "stdio" in transports else None
    logs.configure(debug=env.GAUZY_MCP_DEBUG, json_lines=env.MCP_LOG_FORMAT == "json")
    _warn(loaded)
    if options.toolsets and private is None and not options.test:
        raise EnvironmentInvalid(
            ["--toolsets is for stdio. For a network listener set MCP_TOOLSETS=" + options.toolsets]
        )
    if options.test:
        return _test(env, sys.stderr if command == "runstdio" else sys.stdout)
    if env.uses_sandbox or private is None:
        require_writable(env.home)
    if private is not None:
        return _serve_stdio(env, private, options.toolsets)
    from gauzy_mcp.listeners import serve

    return serve(env, transports)


def parser(command: str) -> argparse.ArgumentParser:
    """The options; those that every Django command takes are accepted, since clients' configurations carry them."""
    made = argparse.ArgumentParser(prog=f"{Path(sys.argv[0]).name} {command}", description=_DESCRIPTIONS[command])
    made.add_argument(
        "--test", action="store_true", help="check that Gauzy answers and the login works, then exit 0 or 1"
    )
    made.add_argument("--toolsets", metavar="NAMES", help="list these toolsets, with commas between them, such as core")
    made.add_argument("--version", action="version", version=__version__)
    made.add_argument("-v", "--verbosity", type=int, default=1, choices=range(4), help="accepted for Django's sake")
    for flag in ("--traceback", "--no-color", "--force-color", "--skip-checks"):
        made.add_argument(flag, action="store_true", help=argparse.SUPPRESS)
    for option in ("--settings", "--pythonpath"):
        made.add_argument(option, help=argparse.SUPPRESS)
    return made


_DESCRIPTIONS = {
    "runstdio": "Serve MCP on standard input and output, for Claude Desktop and other local clients.",
    "runmcp": "Serve MCP as MCP_TRANSPORT says: stdio (default), http, websocket, all or auto.",
}


def _claim_stdout() -> int:
    from mcp_tools.transports.stdio import take_over_stdout

    sys.stdout.flush()
    return take_over_stdout()


def _warn(loaded: Loaded) -> None:
    import logging

    for warning in loaded.warnings:
        logging.getLogger("gauzy_mcp.start").warning("%s", warning)


def _serve_stdio(env: Environment, stdout: int, toolsets: str | None) -> int:
    from gauzy_mcp.wiring import Assembly
    from mcp_tools.transports.stdio import serve

    async def run() -> None:
        # A process of one person: whoever starts it is who it works for (MCP page basic/authorization).
        assembly = Assembly(dataclasses.replace(env, MCP_AUTH_ENABLED=False))
        assembly.keep_journal()
        selection = _selection(assembly, toolsets)
        # What start-up made stays for the life of the process: the collector need not look at it again.
        gc.freeze()
        await assembly.start()
        await serve(assembly.engine, stdin=0, stdout=stdout, selection=selection)
        await assembly.stop()

    try:
        asyncio.run(run())
    except (KeyboardInterrupt, BrokenPipeError):
        # The client has gone: nothing is left to say and nobody to say it to.
        os._exit(0)
    return 0


def _selection(assembly: Assembly, toolsets: str | None) -> ToolSelection:
    try:
        return assembly.engine.tool_selections.read(toolsets, None)
    except ProtocolError as error:
        raise EnvironmentInvalid([f"--toolsets: {error.message}"]) from None


def _test(env: Environment, out: object) -> int:
    from gauzy_mcp.selftest import check

    return asyncio.run(check(env, out))  # type: ignore[arg-type]
