"""While Gauzy takes its time, the connection goes on: other messages are answered, ids stay unique, cancels arrive."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.gauzy.stand_in import Held, StandIn, running
from tests.processes import server
from tests.transports.calls import message

EMPTY: dict[str, Any] = {"items": [], "total": 0}
CALL = {"name": "get_projects", "arguments": {}}


@pytest.fixture
async def gauzy() -> AsyncIterator[StandIn]:
    async with running() as stand_in:
        stand_in.add("slow@example.com", password="secret")
        yield stand_in


@pytest.fixture
async def socket(gauzy: StandIn) -> AsyncIterator[ClientConnection]:
    account = {"GAUZY_AUTH_EMAIL": "slow@example.com", "GAUZY_AUTH_PASSWORD": "secret"}
    starting = server({"API_BASE_URL": gauzy.url, "MCP_TRANSPORT": "websocket", **account})
    live = await asyncio.to_thread(starting.__enter__)
    try:
        async with connect(live.ws + "/sse") as opened:
            yield opened
    finally:
        await asyncio.to_thread(starting.__exit__, None, None, None)


async def test_other_messages_are_answered_meanwhile(gauzy: StandIn, socket: ClientConnection) -> None:
    held = Held(EMPTY)
    gauzy.on("GET", "/organization-projects/pagination", held)
    await socket.send(json.dumps(message("tools/call", CALL, request_id="slow")))
    await held.arrived.wait()
    await socket.send(json.dumps(message("ping", request_id="quick")))
    assert json.loads(await socket.recv())["id"] == "quick"
    held.release.set()
    assert json.loads(await socket.recv())["id"] == "slow"


async def test_an_id_in_flight_is_not_run_twice(gauzy: StandIn, socket: ClientConnection) -> None:
    held = Held(EMPTY)
    gauzy.on("GET", "/organization-projects/pagination", held)
    for _ in range(2):
        await socket.send(json.dumps(message("tools/call", CALL, request_id=5)))
    refused = json.loads(await socket.recv())
    assert (refused["id"], refused["error"]["code"]) == (5, -32600)
    held.release.set()
    assert json.loads(await socket.recv())["result"]["structuredContent"]["total"] == 0
    assert gauzy.count("GET", "/organization-projects/pagination") == 1


async def test_a_cancelled_call_gets_no_answer_and_frees_gauzy(gauzy: StandIn, socket: ClientConnection) -> None:
    held = Held(EMPTY)
    gauzy.on("GET", "/organization-projects/pagination", held)
    await socket.send(json.dumps(message("tools/call", CALL, request_id=7)))
    await held.arrived.wait()
    cancelled = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 7}}
    await socket.send(json.dumps(cancelled))
    await asyncio.wait_for(held.gone.wait(), 10)
    await socket.send(json.dumps(message("ping", request_id="next")))
    assert json.loads(await socket.recv())["id"] == "next"
