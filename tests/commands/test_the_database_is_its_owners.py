"""The SQLite file holds sessions and hashes of passwords: only its owner reads it, whatever its folder allows."""

from __future__ import annotations

from pathlib import Path

from tests.processes import server


def test_in_a_home_that_others_may_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o755)
    with server({"MCP_TRANSPORT": "http"}, str(home)):
        modes = {file.name: file.stat().st_mode & 0o077 for file in home.glob("gauzy-mcp.sqlite3*")}
    assert modes and not any(modes.values()), modes
