"""A home, a database or a TLS file that cannot be used stops the start with its name and the fix, and no traceback."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from gauzy_mcp.tls import fault
from tests.commands.certificates import broken, mismatched, pair
from tests.commands.run import manage

WEBSOCKET = {"MCP_TRANSPORT": "websocket", "MCP_WS_PORT": "0"}
REAL = {
    "API_BASE_URL": "http://127.0.0.1:9",
    "MCP_SECRET_KEY": "8f41c0b7d92e6a53f7104bc86de2953a0c7be415f83d926a4e51b0c7d8f29a36",
}


def refused(*arguments: str, **variables: str) -> str:
    done = manage(*arguments, **variables)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr and done.stdout == ""
    return done.stderr


@pytest.mark.parametrize("command", [("runstdio",), ("runmcp",), ("migrate",)], ids=lambda command: command[0])
def test_a_home_that_is_a_file(command: tuple[str, ...], tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("")
    told = refused(*command, GAUZY_MCP_HOME=str(home), MCP_TRANSPORT="http", MCP_HTTP_PORT="0")
    assert f"GAUZY_MCP_HOME: {home} cannot be used: File exists" in told
    assert "may write to" in told


def test_a_home_where_nothing_can_be_written() -> None:
    """/proc refuses everybody, a superuser too."""
    told = refused("runmcp", GAUZY_MCP_HOME="/proc/self", **WEBSOCKET, **REAL)
    assert "GAUZY_MCP_HOME: /proc/self cannot be used" in told


def test_stdio_on_a_real_gauzy_needs_no_home(tmp_path: Path) -> None:
    done = manage("runstdio", GAUZY_MCP_HOME="/proc/self", **REAL)
    assert done.returncode == 0, done.stderr


def test_a_secret_that_was_cut_off(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("abc")
    assert "secret.key is damaged" in refused("runstdio", GAUZY_MCP_HOME=str(tmp_path))


def test_a_database_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "gauzy-mcp.sqlite3").write_text("this is not a database, whatever its name says. " * 40)
    told = refused("runmcp", GAUZY_MCP_HOME=str(tmp_path), **WEBSOCKET)
    assert f"{tmp_path}/gauzy-mcp.sqlite3 cannot be used: file is not a database" in told


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda folder: broken(folder, "MCP_WS_KEY_PATH"), "key.pem is not a private key in PEM"),
        (lambda folder: broken(folder, "MCP_WS_CERT_PATH"), "cert.pem is not a certificate in PEM"),
        (mismatched, "other/key.pem is not the key of MCP_WS_CERT_PATH="),
        (lambda folder: pair(folder, passphrase="x"), "encrypted with a passphrase"),
    ],
    ids=["key", "certificate", "mismatch", "passphrase"],
)
def test_tls_files(made: Callable[[Path], dict[str, str]], told: str, tmp_path: Path) -> None:
    variables = made(tmp_path)
    assert told in str(fault(Path(variables["MCP_WS_KEY_PATH"]), Path(variables["MCP_WS_CERT_PATH"])))


def test_a_key_of_another_certificate_stops_the_start(tmp_path: Path) -> None:
    assert "is not the key of MCP_WS_CERT_PATH=" in refused("runmcp", **WEBSOCKET, **mismatched(tmp_path))


def test_a_taken_port_is_not_mistaken_for_them(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert "MCP_WS_PORT=" in refused("runmcp", MCP_TRANSPORT="websocket", MCP_WS_PORT=port, **pair(tmp_path))


def test_an_environment_that_is_not_usable_is_told_by_every_command() -> None:
    assert "MCP_HTTP_PORT: 'x' is not a whole number" in refused("migrate", MCP_HTTP_PORT="x")
    assert json.loads(manage("tools", "call", "get_server_info").stdout)
