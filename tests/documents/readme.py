"""What the README gives to type, and where it leads."""

from __future__ import annotations

import re
from typing import Final

from tests.processes import ROOT

TEXT: Final = (ROOT / "README.md").read_text()
PROGRAMS: Final = ("make", "python", "source", "npx", "curl", "wscat", "uvx", "pip")
"""First words of what is typed into a shell."""

_BLOCK: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE: Final = re.compile(r"`([^`\n]+)`")
_SETTING: Final = re.compile(r"[A-Z_]+=")


def blocks(language: str) -> list[str]:
    return [text for kind, text in _BLOCK.findall(TEXT) if kind == language]


def settings() -> list[str]:
    """The lines for ``.env.local``."""
    return [line for block in blocks("bash") for line in block.splitlines() if _SETTING.match(line)]


def commands() -> list[str]:
    """Every command, in the order of the page; of a row that abbreviates some, the first stands whole."""
    typed = [block.strip() for block in blocks("bash") if not _SETTING.match(block)]
    prose = _BLOCK.sub("", TEXT)
    inline = [text for text in _INLINE.findall(prose) if text.split()[0] in PROGRAMS and " " in text]
    return list(dict.fromkeys([*typed, *inline]))
