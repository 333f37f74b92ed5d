"""``docs/configuration.md`` is generated from the table of variables."""

from __future__ import annotations

import subprocess
import sys

from gauzy_mcp.env.document import document
from gauzy_mcp.env.table import ROOT, VARIABLES


def test_the_page_of_the_repository_is_what_the_command_prints() -> None:
    command = [sys.executable, "-m", "gauzy_mcp.env", "--markdown"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    assert (ROOT / "docs" / "configuration.md").read_bytes() == printed


def test_every_variable_has_one_row_with_as_many_cells_as_the_head() -> None:
    rows = [line for line in document().splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [variable.name for variable in VARIABLES]
    assert all(row.replace("\\|", "").count("|") == 5 for row in rows)
