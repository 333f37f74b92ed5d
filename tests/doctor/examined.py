"""Runs the doctor as a person or a program would, on an installation that a test describes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests import forked
from tests.processes import MANAGE, environment

CALM = {"MCP_HTTP_PORT": "0", "MCP_WS_PORT": "0"}
"""Ports that nobody on the machine of the test can have taken."""


@dataclass(frozen=True)
class Report:
    """What ``doctor --json`` told; ``code`` is its exit code."""

    code: int
    findings: list[dict[str, str]]

    def checks(self, status: str) -> set[str]:
        return {one["check"] for one in self.findings if one["status"] == status}

    def told(self, check: str, status: str) -> str:
        return " ".join(
            f"{one['told']} {one['fix']}" for one in self.findings if one["check"] == check and one["status"] == status
        )


def doctor(*arguments: str, variables: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command, env = [MANAGE, "doctor", *arguments], environment({**CALM, **(variables or {})})
    if "PYTHONPATH" not in env:
        return forked.run(command, env, seconds=90)
    # Other packages than those that are loaded are found by a program of its own.
    return subprocess.run([sys.executable, *command], env=env, capture_output=True, text=True, timeout=90)


def examined(variables: Mapping[str, str] | None = None) -> Report:
    done = doctor("--json", variables=variables)
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["ok"] == (done.returncode == 0), done.stderr
    return Report(done.returncode, report["findings"])
