"""Key and certificate files, good and broken."""

from __future__ import annotations

import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PEM = serialization.Encoding.PEM


def pair(folder: Path, *, begins: int = -1, ends: int = 90, passphrase: str = "") -> dict[str, str]:
    """The variables of wss:// with a key and a certificate that signed itself; days are counted from today."""
    folder.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now + datetime.timedelta(days=begins))
        .not_valid_after(now + datetime.timedelta(days=ends, hours=1))
        .sign(key, hashes.SHA256())
    )
    sealing: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        sealing = serialization.BestAvailableEncryption(passphrase.encode())
    (folder / "key.pem").write_bytes(key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, sealing))
    (folder / "cert.pem").write_bytes(certificate.public_bytes(PEM))
    return {
        "MCP_WS_TLS": "true",
        "MCP_WS_KEY_PATH": str(folder / "key.pem"),
        "MCP_WS_CERT_PATH": str(folder / "cert.pem"),
    }


def mismatched(folder: Path) -> dict[str, str]:
    """The key of another certificate, as after half a renewal."""
    other = pair(folder / "other")
    return {**pair(folder), "MCP_WS_KEY_PATH": other["MCP_WS_KEY_PATH"]}


def broken(folder: Path, name: str) -> dict[str, str]:
    """``name`` is the variable whose file is cut off."""
    variables = pair(folder)
    path = Path(variables[name])
    path.write_text(path.read_text()[:60])
    return variables


def chained(folder: Path) -> tuple[dict[str, str], Path]:
    """A certificate of an intermediate authority, which stands behind it in its file as issuers deliver it, and the
    root that clients know."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(3)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("root", "between", "localhost")]
    now = datetime.datetime.now(datetime.UTC)
    made = []
    for place, (key, name) in enumerate(zip(keys, names, strict=True)):
        authority = max(place - 1, 0)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(names[authority])
            .public_key(key.public_key())
            .serial_number(place + 1)
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=place < 2, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        )
        made.append(builder.sign(keys[authority], hashes.SHA256()).public_bytes(PEM))
    variables = pair(folder)
    plain = keys[2].private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(plain)
    (folder / "cert.pem").write_bytes(made[2] + made[1])
    (folder / "root.pem").write_bytes(made[0])
    return variables, folder / "root.pem"
