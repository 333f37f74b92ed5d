"""``python -m tests.conformance``: the official suite against the fixture server, in every revision it knows.

Prints a table and what did not pass. Exits 1 when a scored scenario fails, 3 when the suite cannot be installed.
Arguments are revisions to run instead of all.
"""

from __future__ import annotations

import socket
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from tests.conformance import authorization
from tests.conformance.processes import fixture_server
from tests.conformance.suite import Outcome, Scenario, Suite
from tests.peers.environments import InstallFailed

REVISIONS: Final = ("2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28")
NOT_INSTALLED: Final = 3
_ROW: Final = "{:<13} {:>10} {:>10} {:>9} {:>8} {:>11}"


def main(revisions: Sequence[str]) -> int:
    try:
        suite = Suite()
    except InstallFailed as error:
        print(f"The conformance suite cannot be installed: {error}", file=sys.stderr)
        return NOT_INSTALLED
    output = Path(tempfile.mkdtemp(prefix="gauzy-mcp-conformance-"))
    with fixture_server({"PORT": str(_free_port())}) as server:
        url = f"{server.http}/mcp"
        outcomes = [suite.run(url, revision, output / revision) for revision in revisions or REVISIONS]
        extensions = suite.run_extensions(url, output / "extensions") if not revisions else []
    if not revisions:
        outcomes.append(authorization.run(suite, output / authorization.NAME))
    report(outcomes, extensions)
    print(f"\nThe suite's own results: {output}")
    return 1 if any(scenario.failures for outcome in outcomes for scenario in outcome.counted) else 0


def _free_port() -> int:
    """The suite sends the server's own address as Origin, which the server must know before it listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def report(outcomes: Iterable[Outcome], extensions: Sequence[Scenario]) -> None:
    """The table, and below it every check that did not simply pass."""
    print(_ROW.format("revision", "scenarios", "checks", "warnings", "skipped", "not scored"))
    for outcome in outcomes:
        print(_ROW.format(outcome.revision, *_counts(outcome.counted), _share(outcome.others)))
        for scenario in outcome.counted:
            _tell("FAIL", scenario)
        for scenario in outcome.others:
            _tell("fail (not scored)", scenario)
    if extensions:
        print(_ROW.format("extensions", *_counts(extensions), ""))
        for scenario in extensions:
            _tell("fail (not scored)", scenario)


def _counts(scenarios: Sequence[Scenario]) -> tuple[str, str, int, int]:
    passed = sum(scenario.passed for scenario in scenarios)
    checks = passed + sum(len(scenario.failures) for scenario in scenarios)
    warnings = sum(len(scenario.warnings) for scenario in scenarios)
    return _share(scenarios), f"{passed}/{checks}", warnings, sum(len(scenario.skipped) for scenario in scenarios)


def _share(scenarios: Sequence[Scenario]) -> str:
    """How many of them passed: a scenario passes when no check of it fails."""
    return f"{sum(not scenario.failures for scenario in scenarios)}/{len(scenarios)}"


def _tell(failed: str, scenario: Scenario) -> None:
    told = [(failed, scenario.failures), ("warning", scenario.warnings), ("skipped", _reasons(scenario.skipped))]
    for word, checks in told:
        for check in checks:
            print(f"   {word} {scenario.name}: {check[:300]}")


def _reasons(skipped: Sequence[str]) -> list[str]:
    """Why checks were skipped, each reason once."""
    return list(dict.fromkeys(check.partition(": ")[2] for check in skipped))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
