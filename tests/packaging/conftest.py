from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.environments import InstallFailed, run
from tests.processes import ROOT
from tests.requirements import absent

PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
BUILT_FROM = ("pyproject.toml", "requirements.txt", "README.md", "LICENSE", "gauzy_mcp", "mcp_tools", "oauth_resource")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built from a copy: a build leaves files where it works."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "checkout"
    copy.mkdir()
    for name in BUILT_FROM:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, copy)
    try:
        run([*PIP, "wheel", "--no-deps", "--wheel-dir", str(folder), str(copy)])
    except InstallFailed as error:
        absent("pip", str(error))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment with the wheel alone; what it depends on is taken from this one."""
    folder = tmp_path_factory.mktemp("installed") / "environment"
    run([sys.executable, "-m", "venv", "--without-pip", str(folder)])
    python = folder / "bin" / "python"
    run([*PIP, "--python", str(python), "install", "--no-deps", "--no-compile", str(wheel)])
    packages = subprocess.check_output(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    )
    Path(packages.strip(), "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin"


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty folder into which the bundle was unpacked, as Claude Desktop does it."""
    folder = tmp_path_factory.mktemp("bundle")
    place = folder / "dist" / "gauzy-mcp.mcpb"
    subprocess.run([sys.executable, "-m", "gauzy_mcp.bundle", str(place)], cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(place) as archive:
        archive.extractall(folder / "unpacked")
    yield folder / "unpacked"
