"""Calls tools through the engine on an embedded Gauzy of the test's own, as different people."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs

from gauzy_mcp.env import load
from gauzy_mcp.wiring import Assembly
from mcp_tools.dispatch.caller import Caller
from mcp_tools.gauzy.api import GauzyApi
from mcp_tools.protocol.messages import Request
from mcp_tools.sandbox.application import Sandbox
from mcp_tools.sessions.session import Session
from tests.clocks import USUAL, When, clock
from tests.companies import company, move_everybody
from tests.processes import ROOT


class Refused(AssertionError):
    """The tool answered with an error; the text is what the caller was told."""


class Gauzy:
    """One person's way to the tools. Answers are checked against the tool's own output schema."""

    def __init__(self, assembly: Assembly) -> None:
        self._assembly = assembly
        self._session: Session | None = None
        self.now = assembly.api.now

    @property
    def api(self) -> GauzyApi:
        return self._assembly.api

    async def sign_in(self, email: str, password: str = "demo") -> Gauzy:
        """Another person's way, by the login tool in a session of its own."""
        other = Gauzy(self._assembly)
        other._session = await self._assembly.sessions.open("stdio")
        await other.call("login", email=email, password=password)
        return other

    async def answer(self, request: Request) -> dict[str, Any]:
        """The JSON-RPC answer to any request."""
        engine, caller = self._assembly.engine, Caller.local(scope="test", session=self._session)
        answered: dict[str, Any] = json.loads((await engine.answer(request, engine.context(request, caller))).body)
        return answered

    async def call(self, name: str, /, **arguments: Any) -> Any:
        """The structured answer of a tool. Raises Refused for an error."""
        request = Request(1, "tools/call", {"name": name, "arguments": arguments})
        reply = await self.answer(request)
        if "error" in reply:
            raise Refused(reply["error"]["message"])
        result = reply["result"]
        if result.get("isError"):
            raise Refused(result["content"][0]["text"])
        tool = self._assembly.offer.tools.find(name)
        assert tool is not None
        if tool.output_schema is not None:
            problems = [
                error.message for error in jsonschema_rs.iter_errors(tool.output_schema, result["structuredContent"])
            ]
            assert not problems, f"{name}: {problems[:3]}"
        return result["structuredContent"]

    async def request(self, method: str, path: str, **options: Any) -> Any:
        """A request to Gauzy itself as the configured person, to look behind the tools."""
        shared = self._assembly.accounts.shared
        assert shared is not None
        return await shared.request(method, path, **options)


@asynccontextmanager
async def gauzy(folder: Path, when: When = USUAL, **variables: str) -> AsyncIterator[Gauzy]:
    """A demo company in ``folder`` that is founded at this moment.

    Signed in as demo@gauzy.local, an administrator who is an employee too.
    """
    account = {"GAUZY_AUTH_EMAIL": "demo@gauzy.local", "GAUZY_AUTH_PASSWORD": "demo"}
    settings = {**account, "API_BASE_URL": "http://gauzy.invalid", "MCP_SECRET_KEY": "k", "GAUZY_MCP_ENV_FILE": "none"}
    settings |= variables
    place = folder / "sandbox.sqlite3"
    place.write_bytes(company(when.moment))
    if when.zone != "UTC":
        move_everybody(place, when.zone)
    now = clock(when.moment)
    sandbox = Sandbox(place, b"k" * 32, now)
    environment = load(settings, root=ROOT).environment
    assembly = Assembly(environment, transport=lambda: httpx.ASGITransport(sandbox), clock=now)
    try:
        yield Gauzy(assembly)
    finally:
        await assembly.stop()
        sandbox.close()
