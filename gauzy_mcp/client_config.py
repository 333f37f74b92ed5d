"""``manage.py config``: how a client is told of this server, printed, or written into the client's own file."""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from gauzy_mcp.commands import started_from
from gauzy_mcp.env import EnvironmentInvalid, load_from_process
from gauzy_mcp.env.table import BY_NAME, ROOT
from mcp_tools.onboarding.clients import CLIENTS, TRANSPORTS, Unsupported, find, instructions
from mcp_tools.onboarding.entries import Http, Launch, Means
from mcp_tools.onboarding.machine import Machine
from mcp_tools.onboarding.merging import NotMerged, merge

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment, Loaded

USAGE_ERROR: Final = 2
_ACCOUNT: Final = ("API_BASE_URL", "GAUZY_AUTH_EMAIL", "GAUZY_AUTH_PASSWORD")
_NOT_KEPT: Final = (
    "This runs from a cache that uv or pipx empties, so a client could not start it later. "
    "Install it, and run config again:\n"
    "  uv tool install {source}      (or: pipx install {source})\n"
    "  gauzy-mcp config …"
)
_FROM_PROCESS: Final = "process environment"
_CARRIED_SECTIONS: Final = ("Gauzy", "Tools")
_CARRIED: Final = ("GAUZY_MCP_HOME", "GAUZY_MCP_ENV_FILE", "GAUZY_MCP_DEBUG")


def main(arguments: Sequence[str]) -> int:
    """Answers the exit code: 0 done, 1 the file was left as it is, 2 arguments or environment are not usable."""
    options = parser().parse_args(arguments)
    machine = Machine(sys.platform, str(Path.home()), os.environ)
    try:
        loaded = load_from_process()
        means = _means(options, loaded)
        if options.write:
            return _write(options.client, means, machine, loaded)
        _print(options.client, means, machine, loaded)
    except (EnvironmentInvalid, Unsupported) as error:
        print(error, file=sys.stderr)
        return USAGE_ERROR
    except NotMerged as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog=f"{Path(sys.argv[0]).name} config", description="Tell a client of this server: print how, or write it."
    )
    made.add_argument("--client", required=True, choices=tuple(CLIENTS), help="the program to connect")
    made.add_argument(
        "--transport", choices=TRANSPORTS, help="stdio starts a program (default), http needs a running server"
    )
    made.add_argument("--url", help="the server's address for --transport http, such as https://mcp.example.com")
    made.add_argument("--write", action="store_true", help="put it into the client's own file; a backup is kept")
    return made


def launch(loaded: Loaded, given: Mapping[str, str], *, root: Path, python: str) -> Launch:
    """How a client starts this very installation; ``given`` is the process environment, which clients do not inherit.

    Secrets of it are left out, and the account with them.
    """
    from_process = [name for name, source in loaded.sources.items() if source == _FROM_PROCESS]
    secret = "GAUZY_AUTH_PASSWORD" in from_process
    carried = {name: given[name] for name in from_process if _is_carried(name, without_account=secret)}
    asks = secret or not any(name in loaded.sources for name in _ACCOUNT)
    return Launch(python, started_from(root), carried, asks)


def _is_carried(name: str, *, without_account: bool) -> bool:
    variable = BY_NAME.get(name)
    if variable is None or variable.secret or (without_account and name in ("GAUZY_AUTH_EMAIL", "GAUZY_AUTO_LOGIN")):
        return False
    return variable.section in _CARRIED_SECTIONS or name in _CARRIED


def _means(options: argparse.Namespace, loaded: Loaded) -> Means:
    transport = options.transport or ("http" if options.url or find(options.client).over_http_alone else "stdio")
    if transport == "stdio":
        if options.url:
            raise Unsupported("--url: belongs to --transport http; leave one of them out")
        return launch(loaded, os.environ, root=ROOT, python=_python(ROOT))
    return Http(_address(options.url) if options.url else _own_address(loaded.environment))


def _python(root: Path) -> str:
    """In a checkout the one that ``make`` made, whichever runs this; a client must find the packages."""
    if (root / "manage.py").is_file():
        for made in (root / ".venv" / "bin" / "python", root / ".venv" / "Scripts" / "python.exe"):
            if made.is_file():
                return str(made)
    if importlib.util.find_spec("orjson") is None:
        raise Unsupported(f"{sys.executable} has none of the packages that the server needs; run make install first")
    if _is_cached(Path(sys.prefix)):
        raise Unsupported(_NOT_KEPT.format(source=_source()))
    return sys.executable


def _is_cached(environment: Path) -> bool:
    """Whether an environment is inside a cache, as that of ``uvx`` and ``pipx run``. Its parents are looked at: uv
    marks every environment as a cache folder itself."""
    return any((folder / "CACHEDIR.TAG").is_file() or folder.name == ".cache" for folder in environment.parents)


def _source() -> str:
    """What to install: the checkout, archive or repository that this package came from (PEP 610), else its name."""
    try:
        origin = json.loads(importlib.metadata.distribution("gauzy-mcp").read_text("direct_url.json") or "{}")
    except (importlib.metadata.PackageNotFoundError, ValueError):
        origin = {}
    url = str(origin.get("url", "gauzy-mcp"))
    if url.startswith("file:"):
        return shlex.quote(url2pathname(urlsplit(url).path))
    vcs = origin.get("vcs_info", {}).get("vcs")
    return shlex.quote(f"{vcs}+{url}" if vcs else url)


def _address(given: str) -> str:
    from gauzy_mcp.env import values

    try:
        url: str = values.web_url(given)
    except ValueError as error:
        raise Unsupported(f"--url: {given!r} is not {error}, such as https://mcp.example.com") from None
    return url.rstrip("/").removesuffix("/mcp")


def _own_address(env: Environment) -> str:
    from oauth_resource.resource.metadata import Resource

    return Resource.at(env.resource_uri, env.endpoint_paths, ()).base


def _print(name: str, means: Means, machine: Machine, loaded: Loaded) -> None:
    """The snippet alone on standard output, for pipes and files; what is said about it on standard error."""
    told = instructions(name, means, machine)
    print(f"{told['title']}:", file=sys.stderr)
    for number, step in enumerate(told["steps"], 1):
        print(f"  {number}. {step}", file=sys.stderr)
    print(file=sys.stderr)
    sys.stderr.flush()
    print(told["snippet"], flush=True)
    if told["deep_link"]:
        print(f"\nOr open this link, which adds it by itself:\n{told['deep_link']}", file=sys.stderr)
    _tell_of_account(name, means, loaded)


def _tell_of_account(name: str, means: Means, loaded: Loaded) -> None:
    if isinstance(means, Launch) and means.asks and find(name).can_ask:
        print(
            "\nIt asks for your Gauzy account when it starts the server, and keeps the password with its secrets.",
            file=sys.stderr,
        )
    elif isinstance(means, Launch) and means.asks:
        where = ROOT / ".env.local" if (ROOT / "manage.py").is_file() else loaded.environment.home / ".env.local"
        print(
            f"\nNo password is written there. The server reads {', '.join(_ACCOUNT)} from {where}; "
            "without them it shows its demo company.",
            file=sys.stderr,
        )


def _write(name: str, means: Means, machine: Machine, loaded: Loaded) -> int:
    client = find(name)
    told = instructions(name, means, machine)
    if client.place is None:
        raise Unsupported(
            f"--write: {client.title} keeps no file to write; leave --write out. Allowed with it: "
            + ", ".join(other.name for other in CLIENTS.values() if other.place)
        )
    path = Path(client.place(machine))
    there = path.exists()
    backup = merge(path, client.addition(means, machine), with_comments=client.comments)
    if backup is not None:
        print(f"{path} has the entry gauzy now. As it was before: {backup}")
    else:
        print(f"{path} has the entry already." if there else f"{path} is made, with the entry gauzy.")
    print(told["steps"][-1])
    _tell_of_account(name, means, loaded)
    return 0
