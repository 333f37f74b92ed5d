"""Python, and the packages that this server stands on."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from gauzy_mcp.doctor.finding import Finding, failed, passed
from gauzy_mcp.env.table import ROOT

OLDEST_PYTHON: Final = (3, 11)
_REQUIREMENT: Final = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*(?P<range>[^;]*)(?P<marker>;.*)?$")
_BOUND: Final = re.compile(r"(?P<operator>>=|<=|==|<|>)\s*(?P<version>[0-9.]+)")
_CHECK: Final = "packages"


def packages() -> Iterator[Finding]:
    """One finding per package that is missing or of a wrong version, else one that all is well."""
    told = f"Python {sys.version.split()[0]} at {sys.executable}"
    if sys.version_info < OLDEST_PYTHON:
        yield failed(_CHECK, f"{told} is too old", "install Python 3.11 or newer, then make PYTHON=python3.12 install")
        return
    required = list(_requirements())
    problems = [problem for line in required if (problem := _problem(line))]
    made = ROOT / ".venv"
    if problems and made.is_dir() and made != Path(sys.prefix):
        fix = "source .venv/bin/activate, and run it again"
        yield failed(_CHECK, f"{told} is not the one that make install made, and lacks {len(problems)} packages", fix)
        return
    for problem in problems:
        yield failed(_CHECK, problem, f"run make install, or {sys.executable} -m pip install -r requirements.txt")
    if not required:
        yield passed(_CHECK, f"{told}; what it needs is listed nowhere here, as in the container image")
    elif not problems:
        yield passed(_CHECK, f"{told}, with all {len(required)} packages")


def _requirements() -> Iterable[str]:
    """As the checkout lists them, else as the installed package does."""
    listed = ROOT / "requirements.txt"
    if (ROOT / "manage.py").is_file() and listed.is_file():
        lines = listed.read_text(encoding="utf-8").splitlines()
        return [line.strip() for line in lines if line.strip() and not line.startswith(("#", "-"))]
    try:
        return [line for line in metadata.requires("gauzy-mcp") or () if "extra ==" not in line]
    except metadata.PackageNotFoundError:
        return []


def _problem(line: str) -> str | None:
    found = _REQUIREMENT.match(line)
    if found is None or found["marker"]:
        return None
    wanted = f"{found['name']}{found['range'].strip()}"
    try:
        version = metadata.version(found["name"])
    except metadata.PackageNotFoundError:
        return f"{found['name']} is not installed; wanted is {wanted}"
    bounds = _BOUND.finditer(found["range"])
    if all(_within(version, bound["operator"], bound["version"]) for bound in bounds):
        return None
    return f"{found['name']} {version} is installed; wanted is {wanted}"


def _within(version: str, operator: str, bound: str) -> bool:
    mine, limit = _release(version), _release(bound)
    length = max(len(mine), len(limit))
    one, other = (value + (0,) * (length - len(value)) for value in (mine, limit))
    return {">=": one >= other, "<=": one <= other, "==": one == other, "<": one < other, ">": one > other}[operator]


def _release(version: str) -> tuple[int, ...]:
    """The numbers of a version before any letter (PyPA version specifiers, release segment)."""
    leading = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, leading[0].split("."))) if leading else ()
