"""Small clients that see the wire itself. What a server sends them is checked against the published schemas."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.processes import Server
from tests.schema.conversation import Conversation
from tests.transports.calls import REVISION, envelope

LATEST: Final = "2025-11-25"
BOTH: Final = "application/json, text/event-stream"
SECONDS: Final = 30
EVERYTHING: Final[Mapping[str, Any]] = {"elicitation": {}, "sampling": {}, "roots": {}}
TASKS: Final[Mapping[str, Any]] = {"extensions": {"io.modelcontextprotocol/tasks": {}}, "elicitation": {}}


def label() -> str:
    """A name of one held call, which no other test uses."""
    return uuid.uuid4().hex


def request(method: str, params: Mapping[str, Any] | None = None, request_id: int | str = 1) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": request_id, "method": method, "params": dict(params or {})}


def notification(method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "method": method, "params": params}


def answer(asked: Mapping[str, Any], **result: Any) -> dict[str, Any]:
    """A client's answer to a request of the server."""
    return {"jsonrpc": "2.0", "id": asked["id"], "result": result}


def calling(name: str, request_id: int | str = 1, **arguments: Any) -> dict[str, Any]:
    return request("tools/call", {"name": name, "arguments": arguments}, request_id)


def opening(revision: str = LATEST, capabilities: Mapping[str, Any] = EVERYTHING) -> dict[str, Any]:
    client = {"name": "test", "version": "1"}
    params = {"protocolVersion": revision, "capabilities": dict(capabilities), "clientInfo": client}
    return request("initialize", params, "opening")


def text_of(message: Mapping[str, Any]) -> str:
    """The text of a tool's answer."""
    return str(message["result"]["content"][0]["text"])


@dataclass(frozen=True, slots=True)
class Event:
    """One Server-Sent Event. ``data`` is empty for one without a message."""

    id: str | None
    retry: str | None
    name: str
    data: str


class Events:
    """The events of an HTTP answer, whether it is a stream or one JSON document."""

    def __init__(self, response: httpx.Response, conversation: Conversation) -> None:
        self.response = response
        self._conversation = conversation
        self._events = self._read()
        self.last_id: str | None = None

    async def __aiter__(self) -> AsyncIterator[Event]:
        async for event in self._events:
            yield event

    async def message(self) -> Any:
        """The next JSON-RPC message. Raises AssertionError when the stream ends instead."""
        async with asyncio.timeout(SECONDS):
            async for event in self._events:
                if event.data:
                    return self._conversation.received(json.loads(event.data))
        raise AssertionError("the stream ended without another message")

    async def rest(self) -> list[Any]:
        """The messages up to the end of the stream."""
        async with asyncio.timeout(SECONDS):
            return [self._conversation.received(json.loads(event.data)) async for event in self._events if event.data]

    async def _read(self) -> AsyncIterator[Event]:
        if self.response.headers.get("Content-Type") == "application/json":
            yield Event(None, None, "message", (await self.response.aread()).decode())
            return
        fields: dict[str, str] = {}
        async for line in self.response.aiter_lines():
            name, _, value = line.partition(": ")
            if line and name:
                fields[name] = value
            elif not line and fields:
                self.last_id = fields.get("id", self.last_id)
                yield Event(
                    fields.get("id"), fields.get("retry"), fields.get("event", "message"), fields.get("data", "")
                )
                fields = {}


class Http:
    """Streamable HTTP. With :meth:`open` a client of the handshake era, else one of the stateless era."""

    def __init__(self, server: Server, path: str = "/mcp") -> None:
        self._client = httpx.AsyncClient(base_url=server.http, timeout=SECONDS)
        self._path = path
        self._ids = itertools.count(1)
        self.headers: dict[str, str] = {"Accept": BOTH}
        self.conversation = Conversation(REVISION)

    async def open(self, revision: str = LATEST, capabilities: Mapping[str, Any] = EVERYTHING) -> Self:
        """Opens a session."""
        self.conversation = Conversation(revision)
        response = await self.post(opening(revision, capabilities))
        self.headers |= {"Mcp-Session-Id": response.headers["Mcp-Session-Id"], "MCP-Protocol-Version": revision}
        assert (await self.post(notification("notifications/initialized"))).status_code == 202
        return self

    async def post(self, message: Any, **headers: str) -> httpx.Response:
        """One POST whose answer is read to its end."""
        async with self.stream(message, **headers) as events:
            await events.response.aread()
            if events.response.headers.get("Content-Type") == "application/json":
                self.conversation.received(events.response.json())
            return events.response

    async def ask(self, method: str, params: Mapping[str, Any] | None = None) -> Any:
        """The answer to a request; what precedes it is dropped."""
        async with self.stream(request(method, params, f"ask-{next(self._ids)}")) as events:
            return (await events.rest())[-1]

    async def call(self, name: str, /, **arguments: Any) -> Any:
        return await self.ask("tools/call", {"name": name, "arguments": arguments})

    @contextlib.asynccontextmanager
    async def stream(self, message: Any, **headers: str) -> AsyncIterator[Events]:
        """A POST whose answer is read as it comes; leaving the block closes the connection."""
        self.conversation.sent(message)
        sent = {**self.headers, **headers}
        async with self._client.stream("POST", self._path, json=message, headers=sent) as response:
            yield Events(response, self.conversation)

    @contextlib.asynccontextmanager
    async def listen(self, last_event_id: str | None = None) -> AsyncIterator[Events]:
        """The stream of a GET, resumed after ``last_event_id`` where one is given."""
        headers = {**self.headers, "Accept": "text/event-stream"}
        if last_event_id is not None:
            headers["Last-Event-ID"] = last_event_id
        async with self._client.stream("GET", self._path, headers=headers) as response:
            yield Events(response, self.conversation)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()


class Stateless(Http):
    """HTTP of the stateless era: every request carries its envelope, and headers that mirror it."""

    def __init__(
        self, server: Server, capabilities: Mapping[str, Any] = EVERYTHING, log_level: str | None = None
    ) -> None:
        super().__init__(server)
        self._envelope = envelope(REVISION, **capabilities)
        if log_level is not None:
            self._envelope["_meta"]["io.modelcontextprotocol/logLevel"] = log_level

    @contextlib.asynccontextmanager
    async def stream(self, message: Any, **headers: str) -> AsyncIterator[Events]:
        params = {**self._envelope, **message["params"]}
        mirrored = {"MCP-Protocol-Version": REVISION, "Mcp-Method": message["method"]}
        named = params.get("name") or params.get("uri") or params.get("taskId")
        if isinstance(named, str):
            mirrored["Mcp-Name"] = named
        async with super().stream({**message, "params": params}, **mirrored, **headers) as events:
            yield events


class Socket:
    """A WebSocket whose messages are checked."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._conversation = Conversation()

    async def send(self, message: Any) -> None:
        self._conversation.sent(message)
        await self._connection.send(json.dumps(message))

    async def receive(self) -> Any:
        async with asyncio.timeout(SECONDS):
            return self._conversation.received(json.loads(await self._connection.recv()))

    async def ask(self, message: Any) -> Any:
        """Sends and answers the next message, whatever it is."""
        await self.send(message)
        return await self.receive()


@contextlib.asynccontextmanager
async def socket(server: Server) -> AsyncIterator[Socket]:
    async with connect(server.http.replace("http", "ws", 1) + "/mcp") as connection:
        yield Socket(connection)


@contextlib.asynccontextmanager
async def opened_socket(server: Server, capabilities: Mapping[str, Any] = EVERYTHING) -> AsyncIterator[Socket]:
    """A WebSocket after its handshake."""
    async with socket(server) as opened:
        await opened.ask(opening(capabilities=capabilities))
        await opened.send(notification("notifications/initialized"))
        yield opened
