"""From files and the process environment to an :class:`Environment`, or to one message with all that is wrong."""

from __future__ import annotations

import difflib
import functools
import io
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gauzy_mcp.env import rules, values
from gauzy_mcp.env.table import BUILT_STAGE, BY_NAME, ROOT, VARIABLES, Environment, Variable, default_home

OUR_PREFIXES: Final = ("MCP_", "GAUZY_", "THROTTLE_")
_ALIKE, _ALMOST_EQUAL = 0.6, 0.85
_CREDENTIALS: Final = re.compile(r"//[^/@]*@")

ALIASES: Final[Mapping[str, str]] = {
    "GAUZY_API_BASE_URL": "API_BASE_URL",
    "MCP_AUTHORIZATION_ENABLED": "MCP_AUTH_ENABLED",
    "MCP_REQUIRED_SCOPES": "MCP_AUTH_REQUIRED_SCOPES",
    "MCP_RESOURCE_URI": "MCP_AUTH_RESOURCE_URI",
    "MCP_AUTH_ISSUER": "MCP_AUTH_JWT_ISSUER",
    "MCP_AUTH_JWKS_URI": "MCP_AUTH_JWT_JWKS_URI",
    "MCP_CORS_ORIGINS": "MCP_CORS_ORIGIN",
    "MCP_DEBUG": "GAUZY_MCP_DEBUG",
    "TLS_KEY_PATH": "MCP_WS_KEY_PATH",
    "TLS_CERT_PATH": "MCP_WS_CERT_PATH",
}
"""Names of the earlier implementation; taken, with a warning that says the right one."""

FOREIGN: Final = frozenset(
    {
        "MCP_APP_NAME", "MCP_APP_ID", "MCP_SESSION_RATE_LIMIT", "MCP_POLICY_URI", "MCP_BLOCK_SUSPICIOUS_STRINGS",
        "MCP_AUTH_TOKEN_ENDPOINT", "MCP_AUTH_AUTHORIZATION_ENDPOINT", "MCP_AUTH_PORT", "MCP_AUTH_BASE_URL",
        "MCP_RATE_LIMIT_ENABLED", "MCP_RATE_LIMIT_TTL", "MCP_RATE_LIMIT_MAX", "MCP_AUTH_JWT_SECRET", "MCP_WS_URL",
    }
)  # fmt: skip
"""Names of the earlier implementation that mean nothing here."""

OF_CLIENTS: Final = frozenset(
    {
        "MCP_ENV_VARS", "MCP_TIMEOUT", "MCP_TOOL_TIMEOUT", "MCP_REMOTE_CONFIG_DIR", "MCP_PROXY_AUTH_TOKEN",
        "MCP_AUTO_OPEN_ENABLED",
    }
)  # fmt: skip
"""Names that Inspector, Claude Code and mcp-remote set for themselves, and hand on to what they start."""


class EnvironmentInvalid(Exception):
    """The server cannot start as configured. ``problems`` name variable, value, expectation and an example."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("The configuration is not usable:\n" + "\n".join(f"  - {problem}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Loaded:
    """``sources`` says for each variable that is set where it was found."""

    environment: Environment
    warnings: tuple[str, ...]
    sources: Mapping[str, str]


@functools.cache
def load_from_process() -> Loaded:
    """The environment of this process, read once."""
    return load(os.environ, root=ROOT)


def environment() -> Environment:
    return load_from_process().environment


def load(process: Mapping[str, str], *, root: Path) -> Loaded:
    """Reads ``process`` and the files it implies; the process wins, then .env.local, then .env.

    Raises EnvironmentInvalid with every problem at once.
    """
    problems: list[str] = []
    found, sources = _collect(process, root, problems)
    problems += _nearly_authenticated(found)
    warnings = [*_unknown(found), *_renamed(found, sources)]
    given: dict[str, Any] = {}
    for variable in VARIABLES:
        _read_into(given, variable, found, problems)
    if problems:
        raise EnvironmentInvalid(problems)
    made = Environment(**given)
    problems = list(rules.broken(made))
    if problems:
        raise EnvironmentInvalid(problems)
    warnings += [_not_yet(BY_NAME[name]) for name in given if BY_NAME[name].stage > BUILT_STAGE]
    warnings += rules.doubtful(made)
    return Loaded(made, tuple(warnings), sources)


def _collect(process: Mapping[str, str], root: Path, problems: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    found = {name: value for name, value in process.items() if value.strip()}
    sources = dict.fromkeys(found, "process environment")
    for path in _files(process, root):
        for name, value in _dotenv(path, problems).items():
            if value and value.strip() and name not in found:
                found[name], sources[name] = value, str(path)
    return found, sources


def _renamed(found: dict[str, str], sources: dict[str, str]) -> Iterator[str]:
    """Gives what came under an earlier name its own, unless that is set too."""
    for alias, name in ALIASES.items():
        if alias in found and name in found:
            yield f"{alias} is called {name} here, which is set too and wins; remove {alias}"
        elif alias in found:
            yield f"{alias} is called {name} here; it is taken, but rename it"
            found[name], sources[name] = found[alias], sources[alias]


def _files(process: Mapping[str, str], root: Path) -> Iterator[Path]:
    named = process.get("GAUZY_MCP_ENV_FILE")
    if named:
        yield from (Path(item.strip()) for item in named.split(",") if item.strip() not in ("", "none"))
        return
    for folder in (root, _home(process, root)):
        yield from (path for path in (folder / ".env.local", folder / ".env") if path.is_file())


def _home(process: Mapping[str, str], root: Path) -> Path:
    named = process.get("GAUZY_MCP_HOME", "").strip()
    try:
        return values.folder(named) if named else default_home(root)
    except ValueError:
        # Told with all other problems, when the variable itself is read.
        return default_home(root)


def _dotenv(path: Path, problems: list[str]) -> Mapping[str, str | None]:
    from dotenv import dotenv_values

    # utf-8-sig: editors on Windows put a byte order mark in front.
    text = _text(path, str(path), problems, "utf-8-sig")
    return dotenv_values(stream=io.StringIO(text), interpolate=False) if text else {}


def _text(path: Path, called: str, problems: list[str], encoding: str = "utf-8") -> str | None:
    try:
        return path.read_text(encoding=encoding)
    except OSError as error:
        problems.append(f"{called} cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        problems.append(f"{called} is not UTF-8 text")
    return None


def _read_into(given: dict[str, Any], variable: Variable, found: Mapping[str, str], problems: list[str]) -> None:
    raw = found.get(variable.name)
    if raw is None and variable.secret:
        raw = _from_file(variable, found, problems)
    if raw is None:
        return
    try:
        given[variable.name] = variable.read(raw.strip())
    except ValueError as error:
        problems.append(_problem(variable, raw, str(error)))


def _from_file(variable: Variable, found: Mapping[str, str], problems: list[str]) -> str | None:
    """The content of the file that ``NAME_FILE`` names, as container platforms hand over secrets."""
    path = found.get(f"{variable.name}_FILE")
    if path is None:
        return None
    called = f"{variable.name}_FILE={path}"
    text = _text(Path(path.strip()), called, problems)
    if text is not None and not text.strip():
        problems.append(f"{called} is empty")
        return None
    return text


def _problem(variable: Variable, raw: str, expected: str) -> str:
    shown = "the value given" if variable.secret else repr(_CREDENTIALS.sub("//…@", raw))
    comment = " (is that a comment? Comments belong to .env files only)" if " #" in raw else ""
    return f"{variable.name}: {shown} is not {expected}{comment}. Example: {variable.name}={variable.example}"


def _unknown(found: Mapping[str, str]) -> Iterator[str]:
    known = {*BY_NAME, *ALIASES, *(f"{variable.name}_FILE" for variable in VARIABLES if variable.secret)}
    for name in sorted(found):
        # API_ is anybody's prefix: only a near miss of a name of ours is worth a word.
        ours = name.startswith(OUR_PREFIXES)
        if name in known or name in OF_CLIENTS or not (ours or name.startswith("API_")):
            continue
        if name in FOREIGN:
            yield f"{name} belongs to the earlier implementation and has no effect here"
            continue
        near = difflib.get_close_matches(name, BY_NAME, n=1, cutoff=_ALIKE if ours else _ALMOST_EQUAL)
        if ours or near:
            yield f"{name} is not a variable of this server" + (f"; did you mean {near[0]}?" if near else "")


def _nearly_authenticated(found: Mapping[str, str]) -> Iterator[str]:
    """A slip in any other name does no harm that its warning does not mend; this one would leave the door open."""
    wanted, unknown = "MCP_AUTH_ENABLED", sorted(found.keys() - BY_NAME.keys() - ALIASES.keys())
    for name in difflib.get_close_matches(wanted, unknown, cutoff=_ALMOST_EQUAL):
        yield f"{name} is not a variable of this server, and nobody would be authenticated: it is {wanted}"


def _not_yet(variable: Variable) -> str:
    return f"{variable.name} is set, but has no effect in this version yet"
