"""Reading an environment of a test's own: a process environment, files, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gauzy_mcp.env import Environment, EnvironmentInvalid, Loaded, load


def loaded(*, root: Path | None = None, **process: str) -> Loaded:
    """What ``process`` makes, without files unless ``root`` holds some."""
    files: Mapping[str, str] = {} if root else {"GAUZY_MCP_ENV_FILE": "none"}
    return load({**files, **process}, root=root or Path("/nonexistent"))


def environment(**process: str) -> Environment:
    return loaded(**process).environment


def problems(*, root: Path | None = None, **process: str) -> list[str]:
    """Why the server does not start with ``process``; fails when it does."""
    try:
        started = loaded(root=root, **process)
    except EnvironmentInvalid as error:
        assert all(problem in str(error) for problem in error.problems)
        return error.problems
    raise AssertionError(f"it starts: {started.environment}")
