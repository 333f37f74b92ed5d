"""``uvx … config`` runs from uv's cache, and what it names there is gone when the cache is emptied."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.processes import environment


@pytest.fixture
def cached(installed: Path, tmp_path: Path) -> Path:
    """The Python of an environment as uvx makes one: inside a cache, which says so by CACHEDIR.TAG."""
    cache = tmp_path / "uv"
    environment_of_uvx = cache / "archive-v0" / "NlQaSnoul7XFcwxs"
    environment_of_uvx.parent.mkdir(parents=True)
    shutil.copytree(installed.parent, environment_of_uvx, symlinks=True)
    tag(cache)
    return environment_of_uvx / "bin" / "python"


def tag(folder: Path) -> None:
    (folder / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55")


def config(python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [python, "-m", "gauzy_mcp", "config", "--client", "cursor", *arguments]
    own = {**environment(), "HOME": str(python.parent)}
    return subprocess.run(command, env=own, cwd=python.parent, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("write", [(), ("--write",)])
def test_it_says_to_install_first(cached: Path, write: tuple[str, ...]) -> None:
    done = config(cached, *write)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "uv tool install " in done.stderr and "gauzy-mcp config" in done.stderr
    assert "archive-v0" not in done.stderr
    assert not list(cached.parent.rglob("mcp.json"))


def test_a_server_that_runs_elsewhere_needs_no_installation(cached: Path) -> None:
    assert "https://mcp.example.com/mcp" in config(cached, "--url", "https://mcp.example.com").stdout


def test_an_environment_that_uv_marks_as_it_marks_every_one_is_named(installed: Path, tmp_path: Path) -> None:
    kept = tmp_path / "tools" / "gauzy-mcp"
    shutil.copytree(installed.parent, kept, symlinks=True)
    tag(kept)
    assert str(kept / "bin" / "python") in config(kept / "bin" / "python").stdout
