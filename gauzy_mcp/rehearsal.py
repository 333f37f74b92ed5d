"""Tools on a demo company of their own, with every request they make remembered: nothing real is touched."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

import httpx

from gauzy_mcp.env import load
from gauzy_mcp.wiring import Assembly
from mcp_tools.catalog.tool import Catalog, Tool
from mcp_tools.clock import Clock, utc_now
from mcp_tools.operations.contract.check import Asked
from mcp_tools.operations.contract.examples import arguments
from mcp_tools.operations.contract.known import BEFORE, BY_TOOL, TOGETHER, Source, source
from mcp_tools.protocol.messages import Request
from mcp_tools.sandbox.application import PREFIX, Sandbox
from mcp_tools.sandbox.demo import PASSWORD

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_KEY: Final = b"rehearsal" * 4
_NOBODY: Final = "00000000-0000-4000-8000-000000000000"
"""The id of a record that no company has, for arguments whose records no tool lists."""


def new_company(clock: Clock = utc_now) -> bytes:
    """The file of a demo company that is founded at this moment; making it takes longer than most tools."""
    with tempfile.TemporaryDirectory(prefix="gauzy-rehearsal-") as folder:
        place = Path(folder) / "new.sqlite3"
        company = Sandbox(place, _KEY, clock)
        company.answer({"method": "GET", "path": PREFIX, "query_string": b"", "headers": []}, b"")
        company.close()
        return place.read_bytes()


@contextlib.asynccontextmanager
async def rehearsing(clock: Clock = utc_now) -> AsyncIterator[Rehearsal]:
    """A rehearsal in a folder of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="gauzy-rehearsal-") as folder:
        rehearsal = Rehearsal(Path(folder), clock)
        try:
            yield rehearsal
        finally:
            await rehearsal.stop()


@dataclass(frozen=True, slots=True)
class Outcome:
    """``result`` is that of tools/call; ``requests`` are those to Gauzy, signing in left out."""

    result: dict[str, Any]
    requests: Sequence[Asked]

    @property
    def error(self) -> str | None:
        """What the caller was told of a failure; None after a success."""
        return self.result["content"][0]["text"] if self.result.get("isError") else None


class Rehearsal:
    """An assembly signed in as the administrator of a demo company in ``folder``.

    ``company`` is the file it begins with, a new one unless given.
    """

    def __init__(self, folder: Path, clock: Clock = utc_now, company: bytes | None = None) -> None:
        account = {"GAUZY_AUTH_EMAIL": "demo@gauzy.local", "GAUZY_AUTH_PASSWORD": PASSWORD}
        settings = {**account, "API_BASE_URL": "http://gauzy.invalid", "MCP_SECRET_KEY": _KEY.decode()}
        environment = load({**settings, "GAUZY_MCP_ENV_FILE": "none"}, root=folder).environment
        self._folder = folder
        self._companies = itertools.count(1)
        self._new = company or new_company(clock)
        self._clock = clock
        self._company = self._copy()
        self._requests: list[Asked] = []
        self._assembly = Assembly(environment, transport=lambda: httpx.ASGITransport(self._answer), clock=clock)
        self._ids: dict[Source, str] = {}

    @property
    def catalog(self) -> Catalog:
        return self._assembly.offer.tools

    async def stop(self) -> None:
        await self._assembly.stop()
        self._company.close()

    def renew(self) -> None:
        """Makes the company what it was at first."""
        self._company.close()
        self._used.unlink()
        self._company = self._copy()

    async def call(self, name: str, given: dict[str, Any]) -> Outcome:
        """Calls a tool as a client does that agreed to whatever is asked."""
        tool = self.catalog.find(name)
        agreed = {"confirm": True} if tool is not None and "confirm" in tool.properties else {}
        self._requests.clear()
        request = Request(1, "tools/call", {"name": name, "arguments": {**given, **agreed}})
        reply = json.loads((await self._assembly.engine.answer_alone(request)).body)
        result = reply.get("result") or {
            "isError": True,
            "content": [{"type": "text", "text": reply["error"]["message"]}],
        }
        return Outcome(result, tuple(asked for asked in self._requests if asked.path != "/auth/login"))

    async def examples(self, tool: Tool) -> list[dict[str, Any]]:
        """Arguments for ``tool`` that name records of the company."""
        made = list(arguments(tool.typed_schema, (await self.known(tool)).get))
        return [*made, dict(TOGETHER[tool.name])] if tool.name in TOGETHER else made

    async def known(self, tool: Tool) -> dict[str, str]:
        """The ids of records that the arguments of ``tool`` may name."""
        found: dict[str, str] = {}
        for name, is_id in _texts(tool.typed_schema):
            origin = source(tool.name, tool.toolset, name)
            if is_id or (tool.name, name) in BY_TOOL:
                found[name] = await self._id(origin)
        return found

    async def everything(self) -> AsyncIterator[tuple[str, Sequence[Asked]]]:
        """Every tool that talks to Gauzy, with the requests of all its examples."""
        for tool in self.catalog:
            if tool.kind == "gauzy":
                made: list[Asked] = []
                for given in await self.examples(tool):
                    if tool.name in BEFORE:
                        await self.call(BEFORE[tool.name], {})
                    made += (await self.call(tool.name, given)).requests
                self.renew()
                yield tool.name, made

    async def _id(self, source: Source | None) -> str:
        if source is None:
            return _NOBODY
        if source not in self._ids:
            outcome = await self.call(source.tool, dict(source.arguments))
            if outcome.error:
                raise RuntimeError(f"{source.tool} cannot list what others are tried with: {outcome.error}")
            value: Any = outcome.result["structuredContent"]
            for step in source.path:
                value = value[step]
            self._ids[source] = value
        return self._ids[source]

    def _copy(self) -> Sandbox:
        # Each has a file of its own: a request that a tool left behind may still write to the one before,
        # and what SQLite keeps beside a file would be taken for the next one's.
        self._used = self._folder / f"{next(self._companies)}.sqlite3"
        self._used.write_bytes(self._new)
        return Sandbox(self._used, _KEY, self._clock)

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        event = await receive()
        body = event.get("body", b"")
        while event.get("more_body"):
            event = await receive()
            body += event.get("body", b"")
        query = parse_qsl(scope["query_string"].decode(), keep_blank_values=True)
        path = scope["path"].removeprefix(PREFIX)
        self._requests.append(Asked(scope["method"], path, query, json.loads(body) if body else None))

        async def again() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        await self._company(scope, again, send)


def routes(heard: Iterable[tuple[str, Sequence[Asked]]]) -> dict[str, list[str]]:
    """Per tool the distinct ``METHOD path`` it asks, with ``{id}`` for ids, in the order of asking."""
    return {
        tool: list(dict.fromkeys(f"{asked.method} {_UUID.sub('{id}', asked.path)}" for asked in made))
        for tool, made in heard
    }


def _texts(schema: dict[str, Any], name: str = "") -> Iterator[tuple[str, bool]]:
    """The names of arguments that are texts, wherever they stand, and whether they are ids."""
    if schema.get("type") == "string":
        yield name, schema.get("format") == "uuid"
    for key, part in schema.get("properties", {}).items():
        yield from _texts(part, key)
    if "items" in schema:
        yield from _texts(schema["items"], name)
