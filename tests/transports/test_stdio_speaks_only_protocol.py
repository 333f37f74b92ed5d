"""runstdio: newline-delimited JSON, nothing else on standard output, whatever happens."""

from __future__ import annotations

import json

import pytest

from tests.processes import Stdio
from tests.transports.calls import envelope, message

INITIALIZE = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}


def test_a_conversation_from_initialize_to_a_tool() -> None:
    with Stdio() as client:
        assert client.ask("initialize", INITIALIZE)["result"]["protocolVersion"] == "2025-11-25"
        client.send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        assert client.ask("ping", request_id=2)["result"] == {}
        assert client.ask("tools/list", request_id=3)["result"]["tools"]
        called = client.ask("tools/call", {"name": "get_projects", "arguments": {"limit": 1}}, 4)
        assert called["result"]["structuredContent"]["items"]


def test_a_stateless_client_needs_no_initialize() -> None:
    with Stdio() as client:
        assert client.ask("server/discover", envelope())["result"]["supportedVersions"] == ["2026-07-28"]


@pytest.mark.parametrize(
    ("environment", "arguments"),
    [
        ({}, ["-v", "3"]),
        ({"GAUZY_MCP_DEBUG": "true"}, []),
        ({"PYTHONWARNINGS": "always", "PYTHONDEVMODE": "1", "MCP_NONSENSE": "1"}, []),
    ],
    ids=["verbose", "debug", "warnings"],
)
def test_standard_output_carries_protocol_only(environment: dict[str, str], arguments: list[str]) -> None:
    with Stdio(environment, *arguments) as client:
        client.ask("initialize", INITIALIZE)
        client.ask("tools/call", {"name": "get_projects", "arguments": {}}, 2)
        client.send({"jsonrpc": "2.0", "id": 3, "method": "ping"})
        rest, _ = client.finish()
    assert [json.loads(line) for line in rest.splitlines()] == [{"jsonrpc": "2.0", "id": 3, "result": {}}]


def test_bad_lines_are_answered_and_the_process_goes_on() -> None:
    with Stdio() as client:
        for line, code in (
            (b"{", -32700),
            (b"\xff\xfe", -32700),
            (b"null", -32600),
            (b'{"jsonrpc":"2.0","id":1,"method":"no/such"}', -32601),
        ):
            client.send(line)
            assert client.read()["error"]["code"] == code
        client.send(b"")
        client.send(b'{"pad":"' + b"x" * (17 * 1024 * 1024) + b'"}')
        assert "longer than" in client.read()["error"]["message"]
        assert client.ask("ping")["result"] == {}


def test_what_still_runs_is_answered_when_the_input_ends() -> None:
    with Stdio() as client:
        client.send(message("tools/call", {"name": "get_projects", "arguments": {"limit": 1}}))
        rest, _ = client.finish()
    assert json.loads(rest)["result"]["structuredContent"]["items"]
    assert client.process.returncode == 0
