"""The MCP Inspector's command line, with a browser of the tests' own."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.oauth.server.attended import attended
from tests.peers.environments import NPM_RETRIES, cached, run

PACKAGES: Final = ("@modelcontextprotocol/inspector@2.12.0", "node@22")
"""The Inspector, and a Node that is new enough for it (22 or later)."""


@dataclass(frozen=True)
class Inspector:
    modules: Path

    def call(
        self, address: str, name: str, visit: Callable[[str], None], arguments: Mapping[str, str]
    ) -> dict[str, Any]:
        """The CallToolResult of one call. ``visit`` opens the address that it wants opened."""
        given = [part for key, value in arguments.items() for part in ("--tool-arg", f"{key}={value}")]
        command = [
            str(self.modules / ".bin" / "node"), str(self._script()), "--cli", address, "--transport", "http",
            "--method", "tools/call", "--tool-name", name, *given,
        ]  # fmt: skip
        said: list[str] = []
        with tempfile.TemporaryDirectory() as home:
            env = {**os.environ, "HOME": home, "BROWSER": "true", "MCP_AUTO_OPEN_ENABLED": "true"}
            with attended(command, env) as process:
                assert process.stdout is not None
                for line in process.stdout:
                    said.append(line)
                    if found := re.search(r"https?://\S+/oauth/authorize\?\S+", line):
                        visit(found[0])
        text = "".join(said)
        assert process.returncode == 0, text
        answer: dict[str, Any] = json.loads(text[text.index("{\n") :])
        return answer

    def _script(self) -> Path:
        package = self.modules / "@modelcontextprotocol" / "inspector"
        told = json.loads((package / "package.json").read_text())
        entry = told["bin"] if isinstance(told["bin"], str) else next(iter(told["bin"].values()))
        return package / str(entry)


def inspector() -> Inspector:
    """Raises InstallFailed."""

    def build(folder: Path) -> None:
        folder.mkdir()
        run(["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", *NPM_RETRIES, *PACKAGES])

    return Inspector(cached("inspector", [package.encode() for package in PACKAGES], build) / "node_modules")
