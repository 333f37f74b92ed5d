"""MCP clients of one person at a server that is its own authorization server, by every way there is."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.oauth.knocking import bearer
from tests.oauth.sockets import dial, exchange
from tests.processes import Server
from tests.transports.calls import REVISION, envelope, message

BOTH = "application/json, text/event-stream"
INFO = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


@dataclass
class Client:
    """One client with an access token; ``session`` are the headers of its session, if it has one."""

    base: str
    token: str
    session: dict[str, str] = field(default_factory=dict)

    @classmethod
    def with_session(cls, base: str, token: str) -> Client:
        headers = {**bearer(token), "Accept": BOTH}
        answer = httpx.post(f"{base}/mcp", json=message("initialize", INFO), headers=headers, timeout=60)
        assert answer.status_code == 200, answer.text
        session = {"Mcp-Session-Id": answer.headers["Mcp-Session-Id"], "MCP-Protocol-Version": "2025-11-25"}
        return cls(base, token, session)

    def at(self, base: str) -> Client:
        """The same client, whose requests another process gets."""
        return Client(base, self.token, self.session)

    def post(self, name: str, /, **arguments: Any) -> httpx.Response:
        headers = {**bearer(self.token), **({"Accept": BOTH} if self.session else {}), **self.session}
        body = message("tools/call", {"name": name, "arguments": arguments}, secrets.token_hex(4))
        return httpx.post(f"{self.base}/mcp", json=body, headers=headers, timeout=60)

    def ask(self, name: str, /, **arguments: Any) -> Any:
        """The structured answer of a tool, else the text that it is refused with."""
        answer = self.post(name, **arguments)
        assert answer.status_code == 200, answer.text
        return told(answer.json())


def told(answer: dict[str, Any]) -> Any:
    """The structured answer of a tool, else the text that it is refused with."""
    if "error" in answer:
        return answer["error"]["message"]
    text = answer["result"]["content"][0]["text"]
    # Revision 2024-11-05 has no structured content.
    return text if answer["result"].get("isError") else json.loads(text)


Ask = Callable[..., Any]


def plain(place: Server, token: str) -> Ask:
    return Client(place.http, token).ask


def in_a_session(place: Server, token: str) -> Ask:
    return Client.with_session(place.http, token).ask


def forwarded(place: Server, token: str) -> Ask:
    """By the tool that calls others, in a session."""
    client = Client.with_session(place.http, token)
    return lambda name, /, **arguments: client.ask("call_tool", name=name, arguments=arguments)


def stateless(place: Server, token: str) -> Ask:
    def ask(name: str, /, **arguments: Any) -> Any:
        headers = {
            **bearer(token), "Accept": BOTH, "MCP-Protocol-Version": REVISION, "Mcp-Method": "tools/call",
            "Mcp-Name": name,
        }  # fmt: skip
        body = message("tools/call", {**envelope(), "name": name, "arguments": arguments})
        return told(httpx.post(f"{place.http}/mcp", json=body, headers=headers, timeout=60).json())

    return ask


def by_websocket(place: Server, token: str) -> Ask:
    """A connection of its own for each call, which is a session of its own."""

    def ask(name: str, /, **arguments: Any) -> Any:
        with dial(place, additional_headers=bearer(token)) as socket:
            exchange(socket, "initialize", INFO)
            return told(exchange(socket, "tools/call", {"name": name, "arguments": arguments}))

    return ask


def by_old_stream(place: Server, token: str) -> Ask:
    """HTTP+SSE of 2024-11-05, a stream of its own for each call."""

    def ask(name: str, /, **arguments: Any) -> Any:
        opener = {**bearer(token), "Accept": "text/event-stream"}
        with (
            httpx.Client(base_url=place.http, timeout=60) as http,
            http.stream("GET", "/sse", headers=opener) as stream,
        ):
            data = (line.removeprefix("data: ") for line in stream.iter_lines() if line.startswith("data: "))
            endpoint = next(data)
            body = message("tools/call", {"name": name, "arguments": arguments})
            assert http.post(endpoint, json=body, headers=bearer(token)).status_code == 202
            return told(json.loads(next(data)))

    return ask


WAYS = (plain, in_a_session, forwarded, stateless, by_websocket, by_old_stream)
