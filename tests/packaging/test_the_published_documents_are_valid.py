"""The manifest and ``server.json`` are what their schemas ask for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker, ValidationError

from gauzy_mcp import __version__
from gauzy_mcp.bundle.manifest import manifest
from gauzy_mcp.env.table import BY_NAME
from tests.processes import ROOT

PUBLISHED = ROOT / "tests" / "data" / "published"


def validator(name: str) -> Draft7Validator:
    schema = json.loads((PUBLISHED / name).read_text())
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema, format_checker=FormatChecker())


def server_json() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(Path(ROOT, "server.json").read_text())
    return document


def test_the_manifest_fits_its_schema() -> None:
    validator("mcpb-manifest-0.4.schema.json").validate(manifest())


def test_server_json_fits_its_schema_and_names_it() -> None:
    validator("server-2025-12-11.schema.json").validate(server_json())
    schema = json.loads((PUBLISHED / "server-2025-12-11.schema.json").read_text())
    assert server_json()["$schema"] == schema["$id"]


@pytest.mark.parametrize("change", [{"name": "gauzy"}, {"description": "x" * 101}, {"packages": [{"identifier": "x"}]}])
def test_the_schema_of_the_registry_refuses_what_the_registry_does(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        validator("server-2025-12-11.schema.json").validate({**server_json(), **change})


def test_server_json_is_what_the_command_prints() -> None:
    printed = subprocess.check_output([sys.executable, "-m", "gauzy_mcp.bundle", "--registry"], cwd=ROOT, text=True)
    assert (ROOT / "server.json").read_text() == printed


def test_both_tell_the_version_of_the_package_and_variables_that_exist() -> None:
    package = server_json()["packages"][0]
    assert manifest()["version"] == server_json()["version"] == package["version"] == __version__
    named = {variable["name"] for variable in package["environmentVariables"]}
    assert named | set(manifest()["server"]["mcp_config"]["env"]) <= set(BY_NAME)
