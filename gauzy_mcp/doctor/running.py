"""Runs the checks side by side; none can stop the others, or take longer than it may."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from gauzy_mcp.doctor.account import account
from gauzy_mcp.doctor.authorization import authorization
from gauzy_mcp.doctor.catalogue import catalogue
from gauzy_mcp.doctor.clock import clock
from gauzy_mcp.doctor.database import database
from gauzy_mcp.doctor.finding import Finding, failed, warned
from gauzy_mcp.doctor.gauzy import gauzy
from gauzy_mcp.doctor.ports import ports
from gauzy_mcp.doctor.purity import purity
from gauzy_mcp.doctor.sharing import sharing
from gauzy_mcp.doctor.tls import tls
from gauzy_mcp.doctor.variables import variables

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment

Check = Callable[["Environment"], Iterable[Finding]]

CHECKS: Final[dict[str, Check]] = {
    "database": database,
    "redis": sharing,
    "gauzy": gauzy,
    "login": account,
    "catalogue": catalogue,
    "oauth": authorization,
    "clock": clock,
    "ports": ports,
    "tls": tls,
    "stdout": purity,
}
"""By the name that findings are told under; ``login`` tells the organization too."""

NAMES: Final = ("packages", "environment", *CHECKS)


def run(seconds: float, first: Sequence[Finding]) -> Iterator[Finding]:
    """Every finding in the order of NAMES, after ``first``; a check may take ``seconds``."""
    yield from first
    environment, told = variables()
    yield from told
    if environment is None:
        for name in CHECKS:
            yield warned(name, "not checked, because the environment is not usable", "mend the environment first")
        return
    running = [_Running(name, check, environment) for name, check in CHECKS.items()]
    for one in running:
        yield from one.found(seconds)


class _Running:
    """One check in a thread of its own, which ends with the process if the check never does."""

    def __init__(self, name: str, check: Check, environment: Environment) -> None:
        self._name, self._check, self._environment = name, check, environment
        self._findings: list[Finding] = []
        self._thread = threading.Thread(target=self._run, name=f"doctor {name}", daemon=True)
        self._thread.start()

    def found(self, seconds: float) -> list[Finding]:
        self._thread.join(seconds)
        if self._thread.is_alive():
            told = f"no answer within {seconds:g} seconds"
            return [
                failed(self._name, told, f"see whether what it asks hangs, or allow more: --timeout {seconds * 3:g}")
            ]
        return self._findings

    def _run(self) -> None:
        try:
            self._findings = list(self._check(self._environment))
        except ImportError as error:
            self._findings = [failed(self._name, f"needs a package that is missing: {error}", "run make install")]
        except Exception as error:
            # A check that breaks is itself a finding, and the others go on.
            told = f"the check itself failed: {type(error).__name__}: {error}"
            self._findings = [failed(self._name, told, "please report this, with what GAUZY_MCP_DEBUG=true tells")]
