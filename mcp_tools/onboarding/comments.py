"""JSON with comments and trailing commas, as VS Code keeps it."""

from __future__ import annotations

import re
from typing import Final

_PIECES: Final = re.compile(
    r"""
    (?P<string>"(?:\\.|[^"\\])*")        # in which nothing else counts
    | (?P<comment>//[^\n]*|/\*.*?\*/)
    | (?P<comma>,)(?=(?:\s|//[^\n]*|/\*.*?\*/)*[}\]])
    """,
    re.VERBOSE | re.DOTALL,
)


def has_any(text: str) -> bool:
    """Whether there is a comment outside of strings."""
    return any(found["comment"] for found in _PIECES.finditer(text))


def stripped(text: str) -> str:
    """``text`` as plain JSON; lines keep their numbers, so that a parser's complaint names the right one."""
    return _PIECES.sub(lambda found: found["string"] or "\n" * found[0].count("\n"), text)
