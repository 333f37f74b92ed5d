"""Whether a root secret can be guessed. Every key of the server is derived from it, so a guess opens everything.

The bounds are NIST SP 800-131A's 112 bits with a margin: 32 hexadecimal digits carry 128. Length and variety cannot
prove that a value is random, but with the lists below they stop most values that people type by hand.
"""

from __future__ import annotations

import hashlib
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

_GUESSED: Final = (
    "password", "passphrase", "secret", "gauzy", "letmein", "welcome", "qwerty", "asdfgh", "zxcvbn", "abcdefgh",
    "12345678", "01234567", "87654321", "98765432",
)  # fmt: skip
"""Words and runs of keys that people type. Sixty-four random hexadecimal digits contain one by a chance below 10^-6."""

_DIGESTED: Final = ("", *_GUESSED, *_PLACEHOLDERS, "admin", "test", "key", "root", "123456", "hello")
_LOOKED_UP: Final = frozenset(
    hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()
    for algorithm in ("md5", "sha1", "sha256", "sha512")
    for text in _DIGESTED
)
"""Digests that look random, and stand in every table."""

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
    guessed = next((one for one in _GUESSED if one in plain), None)
    if guessed:
        return f'contains "{guessed}", which anyone can guess'
    if plain in _LOOKED_UP:
        return "is the digest of a word, which anyone can look up"
    return "repeats a short block of characters" if _repeats(secret) else None


def _repeats(secret: str) -> bool:
    """Whether ``secret`` is one block of characters again and again, the last time perhaps not all of it."""
    return any(secret[block:] == secret[:-block] for block in range(1, len(secret) // 2 + 1))
