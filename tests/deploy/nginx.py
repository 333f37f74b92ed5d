"""A real nginx with ``deploy/nginx.conf``, of which only addresses and places of files are changed."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from tests.processes import ROOT, Server
from tests.requirements import need

PATIENCE_SECONDS = 20


def adapted(folder: Path, port: int, upstreams: Sequence[str], text: str | None = None) -> Path:
    """The configuration for these upstream addresses and this port; its files are in ``folder``."""
    text = text or (ROOT / "deploy" / "nginx.conf").read_text()
    changes = {
        "/tmp/nginx.pid": str(folder / "nginx.pid"),
        "/dev/stdout": str(folder / "access.log"),
        "/dev/stderr": str(folder / "error.log"),
        "listen 80;": f"listen 127.0.0.1:{port};",
        "web-1:3001": upstreams[0],
        "web-2:3001": upstreams[-1],
    }
    for found, instead in changes.items():
        assert found in text, found
        text = text.replace(found, instead)
    places = " ".join(
        f"{kind}_temp_path {folder / kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    path = folder / "nginx.conf"
    # Workers of a superuser's nginx are somebody else, who may not enter the folder of a test.
    user = "user root;\n" if os.geteuid() == 0 else ""
    path.write_text(user + text.replace("http {", f"http {{ {places}", 1))
    return path


def as_ingress(folder: Path, port: int, upstream: str, below: str = "") -> Path:
    """What an ingress controller makes of deploy/k8s/ingress.yaml: its paths, exact or as prefixes of whole segments
    (Kubernetes, Ingress, path types), each put below ``below`` as its comment says."""
    (ingress,) = yaml.safe_load_all((ROOT / "deploy" / "k8s" / "ingress.yaml").read_text())
    (rule,) = ingress["spec"]["rules"]
    listed = [(one["path"], one["pathType"]) for one in rule["http"]["paths"]]
    paths = [(below + path, kind) for path, kind in listed]
    paths += [("/.well-known", "Prefix")] if below else []
    passed_on = f"{{ proxy_pass http://{upstream}; }}"
    locations = [f"location = {path} {passed_on}" for path, _ in paths]
    locations += [f"location {path}/ {passed_on}" for path, kind in paths if kind == "Prefix"]
    whole = (ROOT / "deploy" / "nginx.conf").read_text()
    begin, end = whole.index("        location / {"), whole.rindex("    }\n}")
    return adapted(folder, port, [upstream], whole[:begin] + "\n".join(locations) + "\n" + whole[end:])


def checked(path: Path) -> subprocess.CompletedProcess[str]:
    """``nginx -t``."""
    need("nginx")
    return subprocess.run([_executable(), "-t", *_options(path)], capture_output=True, text=True)


@contextlib.contextmanager
def nginx(folder: Path, *servers: Server) -> Iterator[str]:
    """The base URL of nginx before ``servers``."""
    need("nginx")
    upstreams = [server.http.removeprefix("http://") for server in servers]
    for _ in range(5):
        port = _free_port()
        process = _start(adapted(folder, port, upstreams))
        if _listens(process, port):
            break
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextlib.contextmanager
def running(path: Path, port: int) -> Iterator[None]:
    """nginx with the configuration at ``path``, which names ``port``."""
    need("nginx")
    process = _start(path)
    try:
        assert _listens(process, port)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _start(path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([_executable(), "-g", "daemon off;", *_options(path)], stderr=subprocess.DEVNULL)


def _executable() -> str:
    return shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin") or "nginx"


def _options(path: Path) -> list[str]:
    return ["-c", str(path), "-p", str(path.parent), "-e", str(path.parent / "error.log")]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(process: subprocess.Popen[bytes], port: int) -> bool:
    ends = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < ends:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        time.sleep(0.02)
    return False
