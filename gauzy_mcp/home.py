"""The folder this server keeps its files in, and the one root secret every key is derived from."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from gauzy_mcp.env import EnvironmentInvalid

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment

_SECRET_FILE = "secret.key"  # noqa: S105 - the name of a file
_BYTES = 32


def ensure_home(path: Path) -> Path:
    """Makes the folder, readable by its owner only, and returns it. Raises EnvironmentInvalid where that fails."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unusable(path, error) from None
    return path


def private_file(path: Path) -> Path:
    """The file, made where it is missing, which only its owner may read, whatever the folder allows."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise unusable(path, error) from None
    return path


def require_writable(path: Path) -> None:
    """Makes the folder where it is missing. Raises EnvironmentInvalid where nothing can be written to it."""
    try:
        with tempfile.TemporaryFile(dir=ensure_home(path)):
            return
    except OSError as error:
        raise unusable(path, error) from None


def unusable(path: Path, error: OSError) -> EnvironmentInvalid:
    """Why ``path``, the home or something in it, cannot serve, and what to do."""
    return EnvironmentInvalid(
        [
            f"GAUZY_MCP_HOME: {path} cannot be used: {error.strerror or error}. Name a folder that this account may "
            "write to. Example: GAUZY_MCP_HOME=/srv/gauzy-mcp"
        ]
    )


def root_secret(env: Environment) -> bytes:
    """MCP_SECRET_KEY, else MCP_AUTH_SESSION_SECRET, else one made on first run and kept with mode 0600.

    Raises EnvironmentInvalid where the file cannot be made or read.
    """
    configured = env.MCP_SECRET_KEY or env.MCP_AUTH_SESSION_SECRET
    if configured:
        return configured.encode()
    path = ensure_home(env.home) / _SECRET_FILE
    try:
        if not path.exists():
            _create(path)
        secret = path.read_bytes()
    except OSError as error:
        raise unusable(path, error) from None
    if len(secret) < _BYTES:
        raise EnvironmentInvalid([f"{path} is damaged. Restore it, or remove it: a new one ends all sessions"])
    return secret


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
