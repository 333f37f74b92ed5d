"""The independent authorization server (oidc-provider) and a headless browser for its sign-in."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.peers.environments import NPM_RETRIES, cached, run

HERE = Path(__file__).resolve().parent / "oidc"


class Peer:
    """A running authorization server, which may rotate its keys, go away and come back."""

    def __init__(self, command: Sequence[str], variables: Mapping[str, str]) -> None:
        self._command = command
        self._variables = dict(variables)
        self.issuer = ""
        self.start()

    def start(self) -> None:
        """Serves at a port that the system chooses, and at the same one with the same keys from the second time on."""
        self._process = subprocess.Popen(
            self._command,
            env={**os.environ, **self._variables, "PORT": self.issuer.rpartition(":")[2] or "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        line = next((line for line in self._process.stdout if line.startswith("{")), "")
        assert line, "the authorization server did not start"
        self.issuer = json.loads(line)["issuer"]

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def rotate(self) -> None:
        """Signs with new keys from now on; the old ones are still published."""
        httpx.post(f"{self.issuer}/test/rotate").raise_for_status()

    def retire(self) -> None:
        """Publishes the newest keys alone."""
        httpx.post(f"{self.issuer}/test/retire").raise_for_status()

    def environment(self, resource: str, **more: str) -> dict[str, str]:
        """What makes the server under test trust this one."""
        return {
            "MCP_AUTH_ENABLED": "true",
            "MCP_AUTH_RESOURCE_URI": resource,
            "MCP_AUTH_JWT_ISSUER": self.issuer,
            "MCP_AUTH_JWT_JWKS_URI": f"{self.issuer}/jwks",
            "MCP_AUTH_JWT_ALGORITHMS": "RS256,ES256,PS256",
            "GAUZY_IDENTITY_MODE": "shared",
            **more,
        }

    def machine_token(self, resource: str, scope: str = "mcp.read mcp.write") -> str:
        """A token that a client got for itself."""
        form = {"grant_type": "client_credentials", "resource": resource, "scope": scope}
        answer = httpx.post(f"{self.issuer}/token", data=form, auth=("machine", "machine-secret"))
        return str(answer.json()["access_token"])

    def revoke(self, token: str) -> None:
        form = {"token": token}
        httpx.post(f"{self.issuer}/token/revocation", data=form, auth=("machine", "machine-secret")).raise_for_status()


def node_modules() -> Path:
    """oidc-provider and mcp-remote. Raises InstallFailed."""
    sources = [HERE / name for name in ("package.json", "package-lock.json")]

    def build(folder: Path) -> None:
        folder.mkdir()
        for source in sources:
            shutil.copy(source, folder)
        run(["npm", "ci", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", *NPM_RETRIES])

    return cached("oauth", [source.read_bytes() for source in sources], build) / "node_modules"


@contextlib.contextmanager
def authorization_server(modules: Path, resource: str, **variables: str) -> Iterator[Peer]:
    """``resource`` is the address of the server under test, without a path."""
    # Beside its modules, where Node looks for them.
    script = modules.parent / "server.mjs"
    shutil.copy(HERE / "server.mjs", script)
    with tempfile.TemporaryDirectory() as folder:
        peer = Peer(["node", str(script)], {"RESOURCE": resource, "KEYS": f"{folder}/keys.json", **variables})
        try:
            yield peer
        finally:
            peer.stop()


def free_port() -> int:
    """A port that nobody used a moment ago: clients must know the address before the server is there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def browse(address: str) -> dict[str, str]:
    """Follows a sign-in to the redirect that ends it, and answers the parameters of that."""
    async with httpx.AsyncClient(timeout=30) as browser:
        issuer = urlsplit(address).netloc
        while urlsplit(address).netloc == issuer:
            answer = await browser.get(address)
            assert answer.is_redirect, answer.text
            address = str(answer.next_request.url if answer.next_request else "")
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
