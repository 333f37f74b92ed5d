"""Data at rest that nobody but this deployment may read: AES-256-GCM (NIST SP 800-38D), bound to its owner."""

from __future__ import annotations

import secrets
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES: Final = 12


class Sealer:
    """``key`` has 32 bytes. What was sealed for one owner does not open for another."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, owner: str, value: Any) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, orjson.dumps(value), owner.encode())

    def open(self, owner: str, sealed: bytes) -> Any:
        """The value; None for what was sealed with another key, for another owner, or changed since."""
        try:
            plain = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], owner.encode())
        except (InvalidTag, ValueError):
            return None
        return orjson.loads(plain)
