"""``manage.py contract``: a table, and an exit code that a script can rely on."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.run import manage
from tests.contract.rehearsed import EXTRACT, document


def test_a_gauzy_that_agrees_ends_with_success() -> None:
    done = manage("contract", "--openapi", str(EXTRACT))
    assert done.returncode == 0, done.stderr
    assert "0 mismatches" in done.stdout


def test_a_gauzy_that_differs_is_a_table_of_just_that_and_a_failure(tmp_path: Path) -> None:
    raw = document()
    del raw["paths"]["/api/timesheet/timer/start"]
    other = tmp_path / "openapi.json"
    other.write_text(json.dumps(raw), encoding="utf-8")
    done = manage("contract", "--openapi", str(other))
    assert done.returncode == 1
    *rows, total = done.stdout.splitlines()
    assert any(row.startswith("start_timer ") for row in rows)
    assert all("POST /api/timesheet/timer/start" in row and "no such route" in row for row in rows)
    assert total.endswith(f" {len(rows)} mismatches")
    assert "would refuse" in done.stderr


def test_what_is_no_document_is_told(tmp_path: Path) -> None:
    for content, said in (("not json", "cannot be read as JSON"), ('{"openapi": "3.0.0"}', "has no paths")):
        place = tmp_path / "wrong.json"
        place.write_text(content, encoding="utf-8")
        done = manage("contract", "--openapi", str(place))
        assert done.returncode == 2
        assert "--openapi" in done.stderr and said in done.stderr
    missing = manage("contract", "--openapi", str(tmp_path / "nowhere.json"))
    assert missing.returncode == 2 and "nowhere.json" in missing.stderr
