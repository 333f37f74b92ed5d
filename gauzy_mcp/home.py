"""The folder this server keeps its files in, and the one root secret every key is derived from."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment

_SECRET_FILE = "secret.key"  # noqa: S105 - the name of a file
_BYTES = 32


def ensure_home(path: Path) -> Path:
    """Makes the folder, readable by its owner alone, and answers it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def root_secret(env: Environment) -> bytes:
    """MCP_SECRET_KEY, else MCP_AUTH_SESSION_SECRET, else one made on first run and kept with mode 0600."""
    configured = env.MCP_SECRET_KEY or env.MCP_AUTH_SESSION_SECRET
    if configured:
        return configured.encode()
    path = ensure_home(env.home) / _SECRET_FILE
    if not path.exists():
        _create(path)
    return path.read_bytes()


def _create(path: Path) -> None:
    """Writes a whole new file beside and links it into place: of two processes that race, both read the winner's."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(_BYTES).encode())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def derive(secret: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose (HKDF-SHA256 without salt, RFC 5869, one block)."""
    extracted = hmac.digest(b"\x00" * hashlib.sha256().digest_size, secret, hashlib.sha256)
    return hmac.digest(extracted, b"gauzy-mcp|" + purpose.encode() + b"\x01", hashlib.sha256)
