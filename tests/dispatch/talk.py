"""A client inside the process: one connection to an assembly with an embedded Gauzy of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from gauzy_mcp.env import load
from gauzy_mcp.wiring import Assembly
from mcp_tools.dispatch.caller import Caller
from mcp_tools.dispatch.connection import Connection
from mcp_tools.sandbox.application import Sandbox
from tests.clocks import clock
from tests.companies import company
from tests.processes import ROOT

Respond = Callable[[dict[str, Any]], dict[str, Any] | None]
"""The result a client gives to a request of the server's; None answers nothing."""


class Client:
    """Sends requests and collects what comes back; ``asked`` are the server's own requests."""

    def __init__(self, respond: Respond) -> None:
        self.asked: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []
        self._respond = respond
        self._answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._connection: Connection | None = None

    def connect(self, connection: Connection) -> None:
        self._connection = connection

    async def heard(self, message: bytes) -> None:
        told = json.loads(message)
        if "method" not in told:
            self._answers.put_nowait(told)
        elif "id" in told:
            self.asked.append(told)
            result = self._respond(told)
            if result is not None:
                await self.send({"jsonrpc": "2.0", "id": told["id"], "result": result})
        else:
            self.notes.append(told)

    async def send(self, message: dict[str, Any]) -> None:
        assert self._connection is not None
        await self._connection.receive(json.dumps(message))

    async def ask(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        await self.send({"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}})
        return await asyncio.wait_for(self._answers.get(), 20)

    async def call(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        """The result of a tool."""
        return (await self.ask("tools/call", {"name": name, "arguments": arguments}))["result"]


@asynccontextmanager
async def talking(
    folder: Path, capabilities: dict[str, Any] | None = None, respond: Respond = lambda _: None, **variables: str
) -> AsyncIterator[Client]:
    """A client of 2025-11-25 that has shaken hands."""
    account = {"GAUZY_AUTH_EMAIL": "demo@gauzy.local", "GAUZY_AUTH_PASSWORD": "demo", "GAUZY_MCP_ENV_FILE": "none"}
    settings = {**account, "API_BASE_URL": "http://gauzy.invalid", "MCP_SECRET_KEY": "k", **variables}
    place, now = folder / "sandbox.sqlite3", clock()
    place.write_bytes(company())
    sandbox = Sandbox(place, b"k" * 32, now)
    environment = load(settings, root=ROOT).environment
    assembly = Assembly(environment, transport=lambda: httpx.ASGITransport(sandbox), clock=now)
    client = Client(respond)
    caller = Caller.local(scope="test", session=await assembly.sessions.open("stdio"))
    connection = Connection(assembly.engine, caller, client.heard)
    client.connect(connection)
    hello = {"protocolVersion": "2025-11-25", "capabilities": capabilities or {}, "clientInfo": {"name": "t"}}
    await client.ask("initialize", hello)
    await client.send({"jsonrpc": "2.0", "method": "notifications/initialized"})
    try:
        yield client
    finally:
        await connection.close()
        await assembly.stop()
        sandbox.close()
