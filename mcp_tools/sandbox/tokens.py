"""Passwords and the tokens of the sandbox: JSON Web Tokens with HMAC-SHA256 (RFC 7519, RFC 7515), as Gauzy's are."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from typing import Any, Final

import orjson

SECONDS: Final = 86_400
"""How long access and refresh tokens live."""

_HEADER: Final = {"alg": "HS256", "typ": "JWT"}
_COST: Final = 2**11


def sign(claims: Mapping[str, Any], key: bytes) -> str:
    """A token with ``claims``, and the times it was made and ends."""
    moment = int(time.time())
    dated = {**claims, "iat": moment, "exp": claims.get("exp", moment + SECONDS)}
    text = f"{_encode(orjson.dumps(_HEADER))}.{_encode(orjson.dumps(dated))}"
    return f"{text}.{_encode(_signature(text, key))}"


def read(token: Any, key: bytes, kind: str) -> dict[str, Any] | None:
    """The claims of a token of that kind that is ours and has not ended, else None."""
    if not isinstance(token, str) or token.count(".") != 2:
        return None
    text, _, signature = token.rpartition(".")
    try:
        if not hmac.compare_digest(_decode(signature), _signature(text, key)):
            return None
        claims = orjson.loads(_decode(text.partition(".")[2]))
    except ValueError:
        return None
    fits = claims.get("tokenType") == kind and claims.get("exp", 0) > time.time()
    return dict(claims) if fits else None


def hashed(password: str) -> str:
    """A salted hash to store (scrypt, RFC 7914). Its cost is low: the passwords of a demo company are public."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_scrypt(password, salt).hex()}"


def verified(password: Any, stored: str | None) -> bool:
    """Whether ``password`` is the stored one; an account without a password takes as long to refuse."""
    salt, _, digest = (stored or "00$00").partition("$")
    given = _scrypt(password if isinstance(password, str) else "", bytes.fromhex(salt))
    return hmac.compare_digest(given, bytes.fromhex(digest))


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_COST, r=8, p=1, dklen=32)


def _signature(text: str, key: bytes) -> bytes:
    return hmac.digest(key, text.encode(), hashlib.sha256)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
