"""A client of Streamable HTTP whose requests of one session go to whichever process a test names."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Self

import httpx

from tests.processes import Server
from tests.transports.calls import envelope, message

BOTH = "application/json, text/event-stream"
REVISION = "2025-11-25"
ids = itertools.count(1)


@dataclass(frozen=True)
class Event:
    id: str
    message: dict[str, Any]


class Events:
    """A stream of Server-Sent Events, read one by one; events without a message are passed over."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.iter_lines()
        self.last_id = ""

    def __iter__(self) -> Iterator[Event]:
        while (event := self.next()) is not None:
            yield event

    def next(self) -> Event | None:
        """Waits for the next message; None at the end of the stream."""
        data = ""
        for line in self._lines:
            name, _, value = line.partition(":")
            if name == "id":
                self.last_id = value.strip()
            elif name == "data":
                data = value.strip()
            elif not line and data:
                return Event(self.last_id, json.loads(data))
        return None

    def until(self, method: str) -> Event:
        """The next notification or request of that name."""
        event = next((event for event in self if event.message.get("method") == method), None)
        assert event is not None, f"the stream ended before {method}"
        return event

    def answer(self) -> dict[str, Any]:
        """The response that ends the stream, which must be the last thing on it."""
        rest = list(self)
        assert rest, "the stream ended without a response"
        assert "id" in rest[-1].message
        return rest[-1].message


@dataclass
class Client:
    """``headers`` name the session and go with every request."""

    http: httpx.Client
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def opened_at(cls, http: httpx.Client, server: Server, **capabilities: Any) -> Self:
        """Opens a session at ``server``."""
        client = cls(http)
        params = {
            "protocolVersion": REVISION,
            "capabilities": capabilities,
            "clientInfo": {"name": "t", "version": "1"},
        }
        answer = client.post(server, message("initialize", params))
        assert answer.status_code == 200, answer.text
        client.headers = {"Mcp-Session-Id": answer.headers["Mcp-Session-Id"], "MCP-Protocol-Version": REVISION}
        client.notify(server, "notifications/initialized")
        return client

    def post(self, server: Server, body: Any, **headers: str) -> httpx.Response:
        return self.http.post(f"{server.http}/mcp", json=body, headers={"Accept": BOTH, **self.headers, **headers})

    def ask(self, server: Server, method: str, params: dict[str, Any] | None = None) -> httpx.Response:
        return self.post(server, message(method, params, next(ids)))

    def result(self, server: Server, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self.ask(server, method, params).json()
        assert "result" in answer, answer
        return dict(answer["result"])

    def call(self, server: Server, name: str, /, **arguments: Any) -> dict[str, Any]:
        """The structured answer of a tool that answers at once."""
        result = self.result(server, "tools/call", {"name": name, "arguments": arguments})
        assert not result.get("isError"), result
        return dict(result["structuredContent"])

    def notify(self, server: Server, method: str, **params: Any) -> None:
        answer = self.post(server, {"jsonrpc": "2.0", "method": method, "params": params})
        assert answer.status_code == 202, answer.text

    def end(self, server: Server) -> int:
        return self.http.delete(f"{server.http}/mcp", headers=self.headers).status_code

    @contextlib.contextmanager
    def calling(
        self, server: Server, name: str, request_id: int | str | None = None, **arguments: Any
    ) -> Iterator[Events]:
        """A tool call whose answer is a stream."""
        params = {"name": name, "arguments": arguments, "_meta": {"progressToken": "p"}}
        body = message("tools/call", params, next(ids) if request_id is None else request_id)
        with self.http.stream(
            "POST", f"{server.http}/mcp", json=body, headers={"Accept": BOTH, **self.headers}
        ) as response:
            assert response.headers["Content-Type"].startswith("text/event-stream"), response.read()
            yield Events(response)

    @contextlib.contextmanager
    def listening(self, server: Server, after: str | None = None) -> Iterator[Events]:
        """The session's own stream, or the rest of the one that ``after`` names."""
        headers = {"Accept": "text/event-stream", **self.headers}
        if after is not None:
            headers["Last-Event-ID"] = after
        with self.http.stream("GET", f"{server.http}/mcp", headers=headers) as response:
            yield Events(response)


def stateless(
    http: httpx.Client, server: Server, method: str, params: dict[str, Any], **capabilities: Any
) -> httpx.Response:
    """A request of the stateless era, with the headers that repeat its body."""
    headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method, "Accept": BOTH}
    if named := params.get("name") or params.get("taskId"):
        headers["Mcp-Name"] = named
    body = message(method, {**envelope(**capabilities), **params}, next(ids))
    return http.post(f"{server.http}/mcp", json=body, headers=headers)
