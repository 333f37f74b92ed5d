"""Addresses of placeholder pictures, as Gauzy gives them to new records."""

from __future__ import annotations

import zlib
from typing import Final

_COLORS: Final = ("8b72ff", "0ecc9D", "269aff", "ffaf26")


def placeholder(name: str, letters: int = 2) -> str:
    """A picture with the first letters of the words of ``name``, in a colour that its name decides."""
    text = "".join(word[0] for word in name.split()[:letters]).upper()
    return f"https://dummyimage.com/330x300/{_COLORS[zlib.crc32(name.encode()) % len(_COLORS)]}/ffffff.jpg&text={text}"
