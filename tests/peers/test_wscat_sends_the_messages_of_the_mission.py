"""wscat, with the README's commands; each message is one line, since wscat sends a frame per line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.peers.driven import node_environment
from tests.peers.mission import (
    CERTIFICATE,
    SECURE_WEBSOCKET,
    WEBSOCKET,
    WSCAT,
    WSCAT_MESSAGES,
    WSCAT_TLS,
    at,
    filled_in,
)
from tests.processes import Server, server
from tests.requirements import need


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the certificate that the README makes."""
    need("openssl")
    folder = tmp_path_factory.mktemp("tls")
    certificates = folder / "packages" / "mcp-server" / "certs"
    certificates.mkdir(parents=True)
    subprocess.run(["bash", "-c", CERTIFICATE], cwd=folder, check=True, capture_output=True, timeout=120)
    tls = {
        "MCP_TRANSPORT": "websocket",
        "MCP_WS_TLS": "true",
        "MCP_WS_KEY_PATH": str(certificates / "key.pem"),
        "MCP_WS_CERT_PATH": str(certificates / "cert.pem"),
    }
    with server(tls) as running:
        yield running


def converse(modules: Path, command: str, messages: Sequence[str]) -> list[Any]:
    """Runs ``command``, sends the messages at once, reads an answer to each and ends its input, which ends wscat."""
    program, *arguments = command.split()
    sends = [part for message in messages for part in ("-x", json.dumps(json.loads(filled_in(message))))]
    process = subprocess.Popen(
        [str(modules / ".bin" / program), *arguments, "--wait", "-1", *sends],
        env=node_environment(modules),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    try:
        lines = [process.stdout.readline() for _ in messages]
        assert all(lines), f"wscat ended: {process.stderr.read()}"
    finally:
        process.communicate(timeout=30)
    return sorted((json.loads(line) for line in lines), key=lambda answer: answer["id"])


def test_the_three_messages_are_answered(live: Server, node_modules: Path) -> None:
    opened, listed, signed_in = converse(node_modules, at(WSCAT, WEBSOCKET, live.ws), WSCAT_MESSAGES)
    assert opened["result"]["protocolVersion"] == "2025-06-18"
    assert "get_projects" in {tool["name"] for tool in listed["result"]["tools"]}
    assert signed_in["result"]["structuredContent"]["email"] == "demo@gauzy.local"


def test_the_encrypted_command_is_answered(encrypted: Server, node_modules: Path) -> None:
    opened, listed = converse(node_modules, at(WSCAT_TLS, SECURE_WEBSOCKET, encrypted.ws), WSCAT_MESSAGES[:2])
    assert opened["result"]["serverInfo"]["name"] == "gauzy-mcp-server"
    assert listed["result"]["tools"]


def test_messages_without_initialize_are_answered_too(live: Server, node_modules: Path) -> None:
    (listed,) = converse(node_modules, at(WSCAT, WEBSOCKET, live.ws), WSCAT_MESSAGES[1:2])
    assert listed["result"]["tools"]
