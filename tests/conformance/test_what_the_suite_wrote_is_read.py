"""The results of the official suite, from its files to numbers; the suite itself runs by ``make conformance``."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conformance.suite import Outcome, read


def written(output: Path, name: str, *statuses: str) -> None:
    folder = output / f"server-{name}-2026-11-25T02-53-14-714Z"
    folder.mkdir(parents=True)
    checks = [{"id": f"check-{number}", "status": status} for number, status in enumerate(statuses)]
    (folder / "checks.json").write_text(json.dumps(checks))


def test_each_check_is_counted_as_what_it_is(tmp_path: Path) -> None:
    written(tmp_path, "tools-call-with-progress", "SUCCESS", "SUCCESS", "FAILURE", "WARNING", "SKIPPED", "INFO")
    found = read(tmp_path)["tools-call-with-progress"]
    assert (found.passed, len(found.failures), len(found.warnings), len(found.skipped)) == (2, 1, 1, 1)


def test_a_scored_scenario_that_left_no_result_has_failed(tmp_path: Path) -> None:
    written(tmp_path, "ping", "SUCCESS")
    written(tmp_path, "tasks-lifecycle", "SUCCESS")
    outcome = Outcome("2025-11-25", ("ping", "server-initialize"), read(tmp_path))
    assert [bool(scenario.failures) for scenario in outcome.counted] == [False, True]
    assert [scenario.name for scenario in outcome.others] == ["tasks-lifecycle"]
