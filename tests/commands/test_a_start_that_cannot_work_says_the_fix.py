"""A server that cannot start as configured exits with 2 and one message: what, why, and the variable that mends it."""

from __future__ import annotations

import os
import socket

import pytest

from tests.commands.run import manage


def test_a_taken_port_names_the_variable_and_the_process() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = manage("runmcp", MCP_TRANSPORT="http", MCP_HTTP_PORT=port)
    assert done.returncode == 2
    assert f"127.0.0.1:{port}" in done.stderr and "MCP_HTTP_PORT=" in done.stderr
    assert f"process {os.getpid()} " in done.stderr


def test_a_network_address_without_authentication_is_refused() -> None:
    done = manage("runmcp", MCP_TRANSPORT="http", MCP_HTTP_HOST="0.0.0.0", MCP_HTTP_PORT="0")
    assert done.returncode == 2
    assert "MCP_ALLOW_INSECURE=true" in done.stderr


def test_oauth_without_anything_to_check_tokens_with_does_not_start() -> None:
    done = manage("runmcp", MCP_AUTH_ENABLED="true", MCP_AUTH_ALLOW_EMBEDDED_SERVER="false")
    assert done.returncode == 2
    assert "MCP_AUTH_ENABLED" in done.stderr and "needs something to check access tokens with" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["runstdio", "runmcp"])
@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("MCP_TOOLSETS", "core,nope", "known are core, all"),
        ("MCP_HTTP_PORT", "eighty", "whole number"),
        ("MCP_TRANSPORT", "carrier-pigeon", "one of stdio, http"),
    ],
)
def test_a_wrong_value_names_variable_and_expectation(command: str, variable: str, value: str, told: str) -> None:
    done = manage(command, **{variable: value})
    assert done.returncode == 2
    assert variable in done.stderr and told in done.stderr
    assert "Traceback" not in done.stderr and done.stdout == ""
