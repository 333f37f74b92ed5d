"""The public hosts that client metadata documents are at, all of them this process: one HTTPS server with a certificate
of their names."""

from __future__ import annotations

import contextlib
import datetime
import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOSTS = ("claude.ai", "chatgpt.com", "vscode.dev", "client.example")


@dataclass
class Answer:
    """``drip`` sends a byte every tenth of a second after the body, and never ends."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    drip: bool = False


@dataclass
class DocumentHost:
    """``answers`` by URL, ``asked`` as URLs in order. Trust ``certificate`` to reach it."""

    port: int
    certificate: Path
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def publish(self, url: str, age: int = 3600, **document: Any) -> str:
        """A document of a client, unless it says otherwise, that is good for ``age`` seconds."""
        made = {"client_id": url, "client_name": "Client", "redirect_uris": ["http://127.0.0.1:7777/callback"]}
        headers = {"Content-Type": "application/json", "Cache-Control": f"max-age={age}"}
        self.answers[url] = Answer(json.dumps({**made, **document}).encode(), headers=headers)
        return url


@contextlib.contextmanager
def document_host(folder: Path) -> Iterator[DocumentHost]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = f"https://{self.headers['Host']}{self.path}"
            host.asked.append(url)
            answer = host.answers.get(url, Answer(b"{}", 404))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            # Whoever is asking may have had enough.
            with contextlib.suppress(OSError):
                self.wfile.write(answer.body)
                while answer.drip and not host.over.wait(0.1):
                    self.wfile.write(b" ")

        def log_message(self, format: str, *args: object) -> None:
            """Tests look at ``asked``."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host = DocumentHost(server.server_address[1], _certificate(folder))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(host.certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield host
    finally:
        host.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _certificate(folder: Path) -> Path:
    """One file with a certificate for HOSTS, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Hosts of tests")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "hosts.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + plain)
    return path
