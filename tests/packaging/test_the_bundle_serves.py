"""The bundle for Claude Desktop, unpacked into an empty folder."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.processes import ROOT, Stdio


def manifest(unpacked: Path) -> dict[str, object]:
    document: dict[str, object] = json.loads((unpacked / "manifest.json").read_text())
    return document


def started(unpacked: Path) -> tuple[list[str], dict[str, str]]:
    """What the manifest starts, with its folder put in and nothing configured; Python in place of ``uv run``."""
    configured = json.loads((unpacked / "manifest.json").read_text().replace("${__dirname}", str(unpacked)))
    config = configured["server"]["mcp_config"]
    assert [config["command"], *config["args"][:3]] == ["uv", "run", "--directory", str(unpacked)]
    defaults = {key: str(value["default"]).lower() for key, value in configured["user_config"].items()}
    variables = {name: defaults[value[len("${user_config.") : -1]] for name, value in config["env"].items()}
    return [str(unpacked / name) for name in config["args"][3:]], variables


def test_its_server_lists_the_tools_that_the_manifest_names(unpacked: Path) -> None:
    command, variables = started(unpacked)
    with Stdio(variables, command=command) as server:
        listed = server.ask("tools/list")["result"]["tools"]
        called = server.ask("tools/call", {"name": "get_projects", "arguments": {"limit": 1}}, 2)
    tools = manifest(unpacked)["tools"]
    assert isinstance(tools, list)
    assert [tool["name"] for tool in tools] == [tool["name"] for tool in listed]
    assert called["result"]["structuredContent"]["items"]


def test_it_asks_for_the_address_the_e_mail_and_a_password_that_is_kept_secret(unpacked: Path) -> None:
    asked = manifest(unpacked)["user_config"]
    assert isinstance(asked, dict)
    assert {"api_base_url", "email", "password"} <= set(asked)
    assert [key for key, value in asked.items() if value.get("sensitive")] == ["password"]


def test_it_names_what_uv_has_to_install_and_brings_nothing_compiled(unpacked: Path) -> None:
    project = tomllib.loads((unpacked / "pyproject.toml").read_text())
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert project["project"]["dependencies"] == lines
    assert project["tool"]["uv"]["package"] is False
    names = {path.suffix for path in unpacked.rglob("*") if path.is_file()}
    assert names.isdisjoint({".so", ".pyd", ".dll", ".pyc", ".sqlite3"})


def test_the_same_checkout_makes_the_same_bundle(tmp_path: Path) -> None:
    for name in ("one", "other"):
        command = [sys.executable, "-m", "gauzy_mcp.bundle", str(tmp_path / name)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
