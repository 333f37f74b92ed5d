"""Databases for servers that tests start: migrated once, and copied. A first start of its own takes seconds."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
NAME: Final = "gauzy-mcp.sqlite3"


def furnish(env: Mapping[str, str]) -> None:
    """Puts an empty database with every table into the home that ``env`` names, if it has none and wants one."""
    home = Path(env["GAUZY_MCP_HOME"])
    if "DATABASE_URL" in env or (home / NAME).exists():
        return
    home.mkdir(parents=True, exist_ok=True)
    shutil.copy(_migrated() / NAME, home / NAME)


def _migrated() -> Path:
    from tests.peers.environments import cached
    from tests.processes import MANAGE, environment

    def build(folder: Path) -> None:
        env = environment(home=str(folder))
        subprocess.run([sys.executable, MANAGE, "migrate", "--verbosity", "0"], env=env, check=True)

    return cached("tables", _made_from(), build, ROOT / ".cache" / "tables")


def _made_from() -> list[bytes]:
    """Whatever the tables follow from: our migrations, our list of applications, and those of libraries."""
    ours = sorted(
        path for place in ("mcp_tools", "oauth_resource") for path in ROOT.glob(f"{place}/**/migrations/*.py")
    )
    files = [path.read_bytes() for path in [*ours, ROOT / "gauzy_mcp" / "settings.py"]]
    return [*files, version("django").encode(), version("django-oauth-toolkit").encode()]
