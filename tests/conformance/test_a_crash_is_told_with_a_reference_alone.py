"""An unexpected error is -32603 with a reference that the log explains, and the server goes on."""

from __future__ import annotations

import json

from tests.conformance.clients import Http, Stateless, calling, opened_socket, request
from tests.processes import Server, Stdio

SECRET = "a secret that no client may read"


async def test_over_http_in_both_eras(fixtures: Server) -> None:
    async with await Http(fixtures).open() as client, Stateless(fixtures) as stateless:
        for one in (client, stateless):
            error = (await one.call("test_crash"))["error"]
            assert error["code"] == -32603
            assert error["data"]["reference"] in error["message"]
            assert SECRET not in json.dumps(error)
            assert error["data"]["reference"] in fixtures.logged()
            assert (await one.ask("tools/list"))["result"]["tools"]


async def test_over_websocket(fixtures: Server) -> None:
    async with opened_socket(fixtures) as client:
        assert (await client.ask(calling("test_crash")))["error"]["code"] == -32603
        assert (await client.ask(request("ping")))["result"] == {}


def test_over_stdio_where_standard_output_stays_clean(stdio: Stdio) -> None:
    stdio.send(calling("test_crash"))
    error = stdio.read()["error"]
    assert error["code"] == -32603
    assert SECRET not in json.dumps(error)
    assert stdio.ask("ping", request_id=2)["result"] == {}
    rest, log = stdio.finish()
    assert rest == ""
    assert error["data"]["reference"] in log and SECRET in log


def test_what_a_tool_prints_never_reaches_the_protocol(stdio: Stdio) -> None:
    for number in range(3):
        stdio.send(calling("test_print", number))
        assert stdio.read()["id"] == number
    rest, log = stdio.finish()
    assert rest == ""
    assert log.count("printed by Python") == 3
    assert log.count("printed to descriptor 1") == 3
