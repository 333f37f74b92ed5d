"""What the deployment files say, as the server would read it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from gauzy_mcp.env.loading import load
from gauzy_mcp.env.table import BY_NAME, Environment
from tests.processes import ROOT

FOREIGN = frozenset({"DJANGO_SUPERUSER_USERNAME", "DJANGO_SUPERUSER_PASSWORD"})
"""Names of Django's own that a start reads."""

SYSTEM = frozenset({"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"})
_REFERENCE = re.compile(r"\$\{(\w+)(?::([?-])([^}]*))?\}")


def documents(path: str) -> list[Any]:
    return list(yaml.safe_load_all((ROOT / path).read_text()))


def image_environment() -> dict[str, str]:
    """The ENV of the image that runs."""
    last = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2].replace("\\\n", " ")
    lines = (line.removeprefix("ENV ") for line in last.splitlines() if line.startswith("ENV "))
    return dict(pair.split("=", 1) for line in lines for pair in line.split())


def filled_in(values: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    """Values with Compose's references replaced, as it does: ``:?`` is required, ``:-`` has a default."""

    def replace(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        if name in given:
            return given[name]
        assert kind == "-", f"{name} is required and was not given"
        return rest or ""

    return {name: _REFERENCE.sub(replace, str(value)) for name, value in values.items()}


def references(text: str) -> dict[str, bool]:
    """The variables that a Compose file asks its user for, and whether each is required."""
    return {match[1]: match[2] == "?" for match in _REFERENCE.finditer(text)}


def environment(values: Mapping[str, str], nowhere: Path) -> Environment:
    """Raises EnvironmentInvalid for what the server would not start with."""
    unknown = set(values) - set(BY_NAME) - FOREIGN - SYSTEM
    assert not unknown, f"no variables of this server: {unknown}"
    loaded = load({name: value for name, value in values.items() if name not in FOREIGN | SYSTEM}, root=nowhere)
    assert not loaded.warnings, loaded.warnings
    return loaded.environment
