"""The bundle itself: a ZIP file of the packages, what they depend on by name, and the manifest."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gauzy_mcp import __version__
from gauzy_mcp.bundle.manifest import ENTRY_POINT, manifest
from gauzy_mcp.env.table import ROOT
from mcp_tools.onboarding.entries import written

PACKAGES: Final = ("gauzy_mcp", "mcp_tools", "oauth_resource")
_DATA: Final = (".py", ".txt")
_FOLDERS: Final = frozenset({"templates", "static"})
_START: Final = '"""Serves MCP on standard input and output."""\n\nfrom gauzy_mcp.commands import main\n\nmain()\n'
_ALWAYS: Final = (1980, 1, 1, 0, 0, 0)
"""The date of every file in it: the same project makes the same bundle."""


def write(place: Path) -> int:
    """Writes the bundle of this checkout to ``place`` and answers how many files it holds."""
    place.parent.mkdir(parents=True, exist_ok=True)
    files = dict(sorted(_files()))
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _ALWAYS)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return len(files)


def _files() -> Iterator[tuple[str, bytes]]:
    yield "manifest.json", written(manifest()).encode()
    yield "pyproject.toml", _project().encode()
    yield ENTRY_POINT, _START.encode()
    yield "LICENSE", (ROOT / "LICENSE").read_bytes()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and _belongs(path.relative_to(ROOT)):
                yield path.relative_to(ROOT).as_posix(), path.read_bytes()


def _belongs(path: Path) -> bool:
    if "__pycache__" in path.parts:
        return False
    return path.suffix in _DATA or not _FOLDERS.isdisjoint(path.parts)


def _project() -> str:
    """What uv installs. The code is run where it lies, so that nothing has to be built."""
    listed = (ROOT / "requirements.txt").read_text(encoding="utf-8").split("\n")
    dependencies = [line.strip() for line in listed if line.strip() and not line.startswith(("#", "-"))]
    return (
        f'[project]\nname = "gauzy-mcp"\nversion = "{__version__}"\nrequires-python = ">=3.11"\n'
        f"dependencies = {json.dumps(dependencies, indent=4)}\n\n[tool.uv]\npackage = false\n"
    )
