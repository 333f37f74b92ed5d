"""AES-256-GCM with a ring of keys: the first one seals, every one opens what it sealed (NIST SP 800-38D).

A sealed value is ``key id (4 bytes) | nonce (12 bytes) | ciphertext and tag``. What it is sealed for goes in as
associated data, so a value that is copied to another row, user or API host does not open there.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from oauth_resource.provided import ProvidedPart

KEY_BYTES: Final = 32
_ID_BYTES: Final = 4
_NONCE_BYTES: Final = 12


class DoesNotOpen(Exception):
    """Sealed with a key that is not on the ring, for somebody else, or changed since."""


class KeyRing:
    """``keys`` have 32 bytes each; the first seals. Raises ValueError without one, or for one of another length."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError(f"a key ring needs keys of {KEY_BYTES} bytes")
        self._ciphers = {_id_of(key): AESGCM(key) for key in keys}
        self._first = _id_of(keys[0])

    def seal(self, value: bytes, purpose: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return self._first + nonce + self._ciphers[self._first].encrypt(nonce, value, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """The value. Raises DoesNotOpen."""
        cipher = self._ciphers.get(sealed[:_ID_BYTES])
        if cipher is None:
            raise DoesNotOpen("sealed with a key that is not on the ring")
        nonce, text = sealed[_ID_BYTES : _ID_BYTES + _NONCE_BYTES], sealed[_ID_BYTES + _NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, text, purpose.encode())
        except (InvalidTag, ValueError):
            raise DoesNotOpen("sealed for something else, or changed") from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether the first key sealed it."""
        return sealed[:_ID_BYTES] == self._first


credential_ring: Final = ProvidedPart[KeyRing]("the key ring of linked accounts")
"""That of this process's environment, for commands."""


def _id_of(key: bytes) -> bytes:
    return hashlib.sha256(b"gauzy-mcp|key id|" + key).digest()[:_ID_BYTES]
