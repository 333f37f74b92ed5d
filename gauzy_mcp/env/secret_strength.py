"""Whether a root secret can be guessed. Every key of the server is derived from it, so a guess opens everything.

The bounds are NIST SP 800-131A's 112 bits with a margin: 32 hexadecimal digits carry 128. Length and variety cannot
prove that a value is random, but they stop the values that people type by hand.
"""

from __future__ import annotations

import re
from typing import Final

FIX: Final = "openssl rand -hex 32"

FEWEST_CHARACTERS: Final = 32
FEWEST_DISTINCT: Final = 10

_PLACEHOLDERS: Final = (
    "changeme", "changethis", "changeit", "replaceme", "replacethis", "placeholder", "secretkey", "clientsecret",
    "yoursecret", "yourpassword", "yoursession", "insecure", "example", "randomdigits", "randomhexadecimaldigits",
    "opensslrand",
)  # fmt: skip
"""What published examples are made of: those of .env.sample, of our documents and of Gauzy's own README, and the ones
that people leave in place. Letters and digits only; a random value contains none of them."""

_NEITHER_LETTER_NOR_DIGIT: Final = re.compile(r"[^a-z0-9]")


def weakness(secret: str) -> str | None:
    """What is wrong with ``secret``, to follow its name; None for one that may protect a server."""
    plain = _NEITHER_LETTER_NOR_DIGIT.sub("", secret.lower())
    placeholder = next((one for one in _PLACEHOLDERS if one in plain), None)
    if placeholder:
        return f'looks like a published example ("{placeholder}"), which anyone can look up'
    if len(secret) < FEWEST_CHARACTERS:
        return f"is shorter than {FEWEST_CHARACTERS} characters ({len(secret)})"
    if len(set(secret)) < FEWEST_DISTINCT:
        return f"has fewer than {FEWEST_DISTINCT} distinct characters ({len(set(secret))})"
    return None
