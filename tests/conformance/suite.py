"""The official conformance suite: installed on first use, run at a URL, its results read back.

``MCP_CONFORMANCE_HOME`` names a folder where it is installed already.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.peers.environments import NPM_RETRIES, cached, run
from tests.processes import ROOT

PACKAGES: Final = ("@modelcontextprotocol/conformance@0.2.0-alpha.12", "node@22")
"""The suite, and a Node that is new enough for it (22 or later)."""

CACHE: Final = ROOT / ".cache" / "conformance"
_MINUTES: Final = 15
_DATED: Final = r"-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z"
_LISTED: Final = re.compile(r"^ +- (\S+)(?: \[(.+)\])?$")


@dataclass(slots=True)
class Scenario:
    """The checks of one scenario: how many passed, and the others in words."""

    name: str
    passed: int = 0
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """``scored`` are the scenarios that count; one of them without a result did not run. ``others`` ran as well."""

    revision: str
    scored: tuple[str, ...]
    results: dict[str, Scenario]

    @property
    def others(self) -> list[Scenario]:
        return [result for name, result in self.results.items() if name not in self.scored]

    @property
    def counted(self) -> list[Scenario]:
        """The scored scenarios; one that did not run has failed."""
        return [self.results.get(name) or Scenario(name, failures=["it did not run"]) for name in self.scored]


class Suite:
    """The installed suite. Raises InstallFailed when it cannot be installed."""

    def __init__(self) -> None:
        home = Path(os.environ["MCP_CONFORMANCE_HOME"]) if "MCP_CONFORMANCE_HOME" in os.environ else _installed()
        modules = home / "node_modules"
        self.script = modules / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"
        self.node = modules / ".bin" / "node"

    def has_requirements(self, revision: str) -> bool:
        """Whether a frozen list says what counts for ``revision``."""
        return (self.script.parent.parent / "requirements" / f"{revision}.yaml").exists()

    def run(self, url: str, revision: str, output: Path) -> Outcome:
        """Runs what ``revision`` requires and what it lists besides; everything that applies where no list is."""
        if self.has_requirements(revision):
            chosen = ["--requirements", revision]
            listing = self._cli("list", *chosen).partition("Server scenarios")[2].partition("Client scenarios")[0]
        else:
            chosen = ["--suite", "all", "--spec-version", revision]
            listing = self._cli("list", "--server", "--spec-version", revision)
        self._cli("server", "--url", url, *chosen, "-o", str(output))
        return Outcome(revision, tuple(name for name, _ in _listed(listing)), read(output))

    def run_extensions(self, url: str, output: Path) -> list[Scenario]:
        """Runs every scenario of an extension, each by its name: no list includes them all."""
        names = [name for name, mark in _listed(self._cli("list", "--server")) if mark == "extension"]
        for name in names:
            self._cli("server", "--url", url, "--scenario", name, "-o", str(output))
        found = read(output)
        return [found.get(name) or Scenario(name, failures=["it did not run"]) for name in names]

    def _cli(self, *arguments: str) -> str:
        done = subprocess.run(
            [self.node, self.script, *arguments], capture_output=True, text=True, timeout=_MINUTES * 60
        )
        return done.stdout


def read(output: Path, kind: str = "server") -> dict[str, Scenario]:
    """The scenarios whose results lie in ``output``, by name. ``kind`` is what the suite tested."""
    found: dict[str, Scenario] = {}
    for file in sorted(output.glob("*/checks.json")):
        match = re.fullmatch(kind + _DATED, file.parent.name)
        if match:
            found[match[1]] = _scenario(match[1], json.loads(file.read_text()))
    return found


def _scenario(name: str, checks: Iterable[dict[str, str]]) -> Scenario:
    scenario = Scenario(name)
    for check in checks:
        told = f"{check['id']}: {check.get('errorMessage') or check.get('description', '')}"
        if check["status"] == "SUCCESS":
            scenario.passed += 1
        elif check["status"] == "FAILURE":
            scenario.failures.append(told)
        elif check["status"] == "WARNING":
            scenario.warnings.append(told)
        elif check["status"] == "SKIPPED":
            scenario.skipped.append(told)
    return scenario


def _listed(text: str) -> list[tuple[str, str | None]]:
    return [(match[1], match[2]) for line in text.splitlines() if (match := _LISTED.match(line))]


def _installed() -> Path:
    def build(folder: Path) -> None:
        folder.mkdir()
        (folder / "package.json").write_text('{"private": true}')
        run(["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", *NPM_RETRIES, *PACKAGES])

    return cached("suite", [package.encode() for package in PACKAGES], build, CACHE)
