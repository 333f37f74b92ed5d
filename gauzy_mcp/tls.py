"""Key and certificate of wss:// (MCP_WS_KEY_PATH, MCP_WS_CERT_PATH), looked at before anything listens with them."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

_MAKE: Final = "make certs makes both files for a try"


def fault(key_path: Path, certificate_path: Path) -> str | None:
    """Why TLS cannot be served with these files, naming the variable and what to do; None where it can.

    Dates do not count: an expired certificate can be served, and clients refuse it.
    """
    try:
        key = _read("MCP_WS_KEY_PATH", key_path, "private key", _private_key)
        certificate = _read("MCP_WS_CERT_PATH", certificate_path, "certificate", _certificate)
    except _Unreadable as error:
        return str(error)
    if key.public_key() != certificate.public_key():
        return (
            f"MCP_WS_KEY_PATH={key_path} is not the key of MCP_WS_CERT_PATH={certificate_path}. Name the key that the "
            "certificate was made for; in the chain the server's own certificate comes first"
        )
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate_path, key_path)
    except (OSError, ValueError) as error:
        return f"MCP_WS_CERT_PATH={certificate_path} is not accepted by OpenSSL: {error}. {_MAKE}"
    if is_chain(certificate_path) and b"\r\n" in certificate_path.read_bytes():
        # The pattern by which Twisted reads chains knows no other line ends.
        return f"MCP_WS_CERT_PATH={certificate_path} has line ends of Windows. Convert it, for example with dos2unix"
    return None


def is_chain(certificate_path: Path) -> bool:
    """Whether certificates of intermediate authorities follow the server's own."""
    return certificate_path.read_bytes().count(b"-----BEGIN CERTIFICATE-----") > 1


class _Unreadable(Exception):
    pass


def _read(name: str, path: Path, what: str, parse: Callable[[bytes], Any]) -> Any:
    try:
        return parse(path.read_bytes())
    except OSError as error:
        raise _Unreadable(f"{name}={path} cannot be read: {error.strerror}. Let this account read it") from None
    except TypeError:
        raise _Unreadable(
            f"{name}={path} is encrypted with a passphrase, which nobody can type at the start. "
            "Store it without one, readable by this account only"
        ) from None
    except ValueError:
        raise _Unreadable(f"{name}={path} is not a {what} in PEM. {_MAKE}") from None


def _private_key(pem: bytes) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return load_pem_private_key(pem, password=None)
    except UnsupportedAlgorithm:
        raise ValueError from None


def _certificate(pem: bytes) -> Any:
    from cryptography import x509

    return x509.load_pem_x509_certificates(pem)[0]


def certificate_der(path: Path) -> bytes:
    """The server's own certificate, the first in the file. Raises OSError and ValueError."""
    from cryptography.hazmat.primitives.serialization import Encoding

    der: bytes = _certificate(path.read_bytes()).public_bytes(Encoding.DER)
    return der
