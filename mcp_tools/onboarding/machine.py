"""Where clients keep their configuration, as a function of the operating system, the home and the environment."""

from __future__ import annotations

import ntpath
import posixpath
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

WINDOWS: Final = "win32"
MACOS: Final = "darwin"


@dataclass(frozen=True, slots=True)
class Machine:
    """``platform`` as ``sys.platform`` names it, ``home`` the person's own folder, ``variables`` of the environment."""

    platform: str
    home: str
    variables: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def anybodys(cls) -> Machine:
        """One that stands for every reader's."""
        return cls("", "~")

    @property
    def is_windows(self) -> bool:
        return self.platform == WINDOWS

    def claude_desktop(self) -> str:
        if not self.platform:
            return "claude_desktop_config.json (Settings, Developer, Edit Config)"
        return self._settings("Claude", "claude_desktop_config.json")

    def claude_code(self) -> str:
        return self._join(self.variables.get("CLAUDE_CONFIG_DIR") or self.home, ".claude.json")

    def cursor(self) -> str:
        return self._join(self.home, ".cursor", "mcp.json")

    def vscode(self) -> str:
        if not self.platform:
            return "mcp.json (command MCP: Open User Configuration)"
        return self._settings("Code", "User", "mcp.json")

    def windsurf(self) -> str:
        return self._join(self.home, ".codeium", "windsurf", "mcp_config.json")

    def shell(self, words: Sequence[str]) -> str:
        """One line that the machine's usual shell takes apart into ``words`` again."""
        return subprocess.list2cmdline(words) if self.is_windows else shlex.join(words)

    def npx(self, *words: str) -> list[str]:
        """On Windows npx is a script, which a program can only start through the command interpreter."""
        return ["cmd", "/c", "npx", *words] if self.is_windows else ["npx", *words]

    def _settings(self, *parts: str) -> str:
        """In the folder where programs of this system keep their settings."""
        if self.is_windows:
            return self._join(self.variables.get("APPDATA") or self._join(self.home, "AppData", "Roaming"), *parts)
        if self.platform == MACOS:
            return self._join(self.home, "Library", "Application Support", *parts)
        return self._join(self.variables.get("XDG_CONFIG_HOME") or self._join(self.home, ".config"), *parts)

    def _join(self, *parts: str) -> str:
        return ntpath.join(*parts) if self.is_windows else posixpath.join(*parts)
