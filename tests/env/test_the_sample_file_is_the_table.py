"""``.env.sample`` is generated, complete, and works when its lines are uncommented."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from gauzy_mcp.env import load, sample
from gauzy_mcp.env.table import ROOT, VARIABLES
from mcp_tools.catalog.domains import catalog

ASSIGNMENT = re.compile(r"^#([A-Z][A-Z_]+)=(.*)$", re.MULTILINE)
PLACES = {"GAUZY_CA_BUNDLE", "MCP_WS_KEY_PATH", "MCP_WS_CERT_PATH", "GAUZY_MCP_HOME", "GAUZY_MCP_ENV_FILE"}
"""Examples that name files of a machine."""
CHOICES = {"MCP_ENV", "MCP_AUTH_ENABLED", "MCP_TRANSPORT", "MCP_WS_TLS"}
"""Examples that ask for what the other examples do not set up together."""


def uncommented(*left_out: str) -> str:
    return "\n".join(f"{name}={value}" for name, value in ASSIGNMENT.findall(sample()) if name not in left_out)


def test_the_file_of_the_repository_is_what_the_command_prints() -> None:
    printed = subprocess.run([sys.executable, "-m", "gauzy_mcp.env"], cwd=ROOT, capture_output=True, check=True).stdout
    assert (ROOT / ".env.sample").read_bytes() == printed


def test_every_variable_is_there_once_and_commented_out() -> None:
    assert [name for name, _ in ASSIGNMENT.findall(sample())] == [variable.name for variable in VARIABLES]
    assert all(line.startswith("#") for line in sample().splitlines() if line)


def test_the_sample_as_it_is_sets_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(sample())
    made = load({"GAUZY_MCP_HOME": str(tmp_path)}, root=tmp_path)
    assert (made.warnings, dict(made.sources)) == ((), {"GAUZY_MCP_HOME": "process environment"})


def test_uncommented_it_loads_with_the_examples_as_values(tmp_path: Path) -> None:
    path = tmp_path / "sample"
    path.write_text(uncommented(*PLACES, *CHOICES))
    made = load({"GAUZY_MCP_ENV_FILE": str(path), "MCP_TRANSPORT": "http"}, root=tmp_path)
    told = [warning for warning in made.warnings if "no effect in this version yet" not in warning]
    assert told == ["GAUZY_VERIFY_TLS=false: the certificate of Gauzy is not checked"]
    for variable in VARIABLES:
        if variable.name not in PLACES | CHOICES:
            assert getattr(made.environment, variable.name) == variable.read(variable.example), variable.name


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_each_choice_of_the_sample_is_read_too(name: str) -> None:
    variable = next(variable for variable in VARIABLES if variable.name == name)
    variable.read(variable.example)


def test_the_toolsets_of_the_sample_exist() -> None:
    variable = next(variable for variable in VARIABLES if variable.name == "MCP_TOOLSETS")
    assert catalog().listed(variable.read(variable.example))


def test_defaults_are_told_as_they_are_written() -> None:
    text = sample()
    assert "# Default: 127.0.0.1.\n#MCP_HTTP_HOST=" in text
    assert "# Default: false.\n#GAUZY_MCP_DEBUG=true" in text
    assert "# No default.\n#API_BASE_URL=" in text
    assert "Default: None" not in text
