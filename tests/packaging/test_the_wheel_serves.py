"""What ``pipx`` and ``uvx`` install from a checkout runs, in an empty folder, without the checkout."""

from __future__ import annotations

import subprocess
import tempfile
import zipfile
from pathlib import Path

import httpx

from gauzy_mcp import __version__
from tests.processes import ROOT, Stdio, environment, server


def told(installed: Path, *arguments: str) -> str:
    program = [installed / "gauzy-mcp", *arguments]
    return subprocess.run(
        program, env=environment(), cwd=tempfile.mkdtemp(), capture_output=True, text=True, check=True, timeout=60
    ).stdout


def test_the_wheel_holds_every_file_that_the_packages_have(wheel: Path) -> None:
    packages = [ROOT / name for name in ("gauzy_mcp", "mcp_tools", "oauth_resource")]
    files = {path.relative_to(ROOT).as_posix() for package in packages for path in package.rglob("*") if path.is_file()}
    with zipfile.ZipFile(wheel) as archive:
        missing = {name for name in files if "__pycache__" not in name} - set(archive.namelist())
    assert missing == set()


def test_without_a_command_it_serves_on_standard_input_and_output(installed: Path) -> None:
    with Stdio(command=(), program=str(installed / "gauzy-mcp")) as process:
        tools = process.ask("tools/list")["result"]["tools"]
        found = process.ask("tools/call", {"name": "search_tools", "arguments": {"query": "start my timer"}}, 2)
    assert len(tools) > 20
    assert "start_timer" in str(found["result"]["structuredContent"]), "the sayings have to be in the wheel too"


def test_it_serves_its_pages_and_what_they_are_made_of(installed: Path) -> None:
    with server({"MCP_TRANSPORT": "http"}, command=("runmcp",), program=str(installed / "gauzy-mcp")) as running:
        page = httpx.get(running.http + "/", headers={"Accept": "text/html"})
        script = httpx.get(running.http + "/static/console/main.js")
        admin = httpx.get(running.http + "/admin/login/")
    assert (page.status_code, script.status_code, admin.status_code) == (200, 200, 200)


def test_its_config_starts_the_package(installed: Path) -> None:
    printed = told(installed, "config", "--client", "cursor")
    assert '"-m"' in printed and '"gauzy_mcp"' in printed
    assert str(installed / "python") in printed


def test_its_doctor_knows_its_packages(installed: Path) -> None:
    lines = told(installed, "doctor").splitlines()
    required = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line]
    assert lines[0].startswith("PASS  packages") and lines[0].endswith(f"with all {len(required)} packages")
    assert not [line for line in lines if line.startswith("FAIL")]


def test_it_tells_its_version_and_what_it_can_do(installed: Path) -> None:
    assert told(installed, "--version").strip() == __version__
    assert "gauzy-mcp doctor" in told(installed, "--help")
