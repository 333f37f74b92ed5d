"""``gauzy-mcp`` without a command is ``runstdio``, and commands of Django that would mislead are refused."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.commands.run import manage
from tests.processes import Stdio, environment


def run(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [installed / "gauzy-mcp", *arguments], env=environment(), cwd=tempfile.mkdtemp(), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_it_checks_gauzy_and_the_account(installed: Path) -> None:
    done = run(installed, "--test")
    assert done.returncode == 0 and "All checks passed." in done.stderr
    assert done.stdout == ""


def test_it_serves_the_toolsets_that_are_named(installed: Path) -> None:
    with Stdio(None, "--toolsets", "timer", command=(), program=str(installed / "gauzy-mcp")) as process:
        tools = {tool["name"] for tool in process.ask("tools/list")["result"]["tools"]}
    assert "start_timer" in tools and "create_invoice" not in tools


def test_a_wrong_option_is_told_by_its_own_name(installed: Path) -> None:
    done = run(installed, "--tset")
    assert done.returncode == 2
    assert done.stderr.startswith("usage: gauzy-mcp") and "--tset" in done.stderr


def test_the_word_test_runs_no_tests_that_are_not_there(installed: Path) -> None:
    done = run(installed, "test")
    assert done.returncode == 2
    assert "gauzy-mcp runstdio --test" in done.stderr and "make test" in done.stderr
    assert "Found 0 test" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "instead"),
    [(["test"], "make test"), (["runserver", "0.0.0.0:8000"], "runmcp"), (["testserver"], "runmcp")],
)
def test_commands_of_django_that_would_mislead_are_refused_in_a_checkout_too(
    arguments: list[str], instead: str
) -> None:
    done = manage(*arguments)
    assert done.returncode == 2
    assert instead in done.stderr and "python manage.py" in done.stderr


def test_toolsets_of_a_network_listener_are_a_variable() -> None:
    done = manage("runmcp", "--toolsets", "core", MCP_TRANSPORT="http")
    assert done.returncode == 2
    assert "MCP_TOOLSETS=core" in done.stderr
