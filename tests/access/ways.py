"""The ways in which a request reaches the engine, each as real clients use it."""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.processes import MANAGE, ROOT, Server, Stdio
from tests.transports.calls import REVISION, envelope, message

numbers = itertools.count(1)
"""Ids of requests."""

BOTH = "application/json, text/event-stream"
INFO = {"name": "matrix", "version": "1"}
TASKS = {"extensions": {"io.modelcontextprotocol/tasks": {}}}


@dataclass(frozen=True)
class Place:
    """One installation: its running server, and what a stdio process of it is started with."""

    server: Server
    environment: Mapping[str, str]
    home: str
    stdio: Sequence[str] = (MANAGE, "runstdio")


@dataclass(frozen=True)
class Sender:
    """What one client sends with every request. ``session`` is a session of somebody's that it names."""

    place: Place
    token: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: str = ""
    session: str | None = None

    @property
    def sent(self) -> dict[str, str]:
        shown = dict(self.headers)
        if self.token:
            shown["Authorization"] = f"Bearer {self.token}"
        if self.cookies:
            shown["Cookie"] = self.cookies
        return shown

    def with_headers(self, **headers: str) -> Sender:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})


@dataclass(frozen=True)
class Outcome:
    """What came of a request: HTTP status (0 on duplex channels), JSON-RPC code, and everything that was said."""

    status: int = 0
    code: int = 0
    text: str = ""
    result: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        return self.status >= 400 or self.code != 0 or bool(self.result.get("isError"))


def outcome(body: Any, status: int = 0, headers: Mapping[str, str] | None = None) -> Outcome:
    if isinstance(body, list):
        body = body[0]
    shown = body if isinstance(body, dict) else {}
    error = shown.get("error")
    code = error.get("code", 0) if isinstance(error, dict) else 0
    return Outcome(status, code, json.dumps(body), shown.get("result") or {}, headers or {})


def numbered(method: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """A request under an id of its own."""
    return message(method, dict(params), next(numbers))


Ask = Callable[[str, Mapping[str, Any]], Outcome]
"""Sends a request and returns what came of it."""


@dataclass(frozen=True)
class Duplex:
    """An :data:`Ask` of a channel whose requests and answers go their own ways."""

    send: Callable[[str, Mapping[str, Any]], None]
    receive: Callable[[], Outcome]

    def __call__(self, method: str, params: Mapping[str, Any]) -> Outcome:
        self.send(method, params)
        return self.receive()


Open = Callable[[Sender], contextlib.AbstractContextManager[Ask]]


@dataclass(frozen=True)
class Way:
    """``open`` connects a client and returns how it asks; ``use`` is an ordinary request by this way.

    ``calls`` says how a tool is called by it: None where it calls none.
    """

    name: str
    open: Open
    use: tuple[str, Mapping[str, Any]] = ("tools/call", {"name": "get_server_info", "arguments": {}})
    calls: Callable[[str, Mapping[str, Any]], Mapping[str, Any]] | None = lambda name, arguments: {
        "name": name,
        "arguments": arguments,
    }

    def used(self, ask: Ask) -> Outcome:
        return ask(*self.use)

    def called(self, ask: Ask, tool: str, /, **arguments: Any) -> Outcome:
        assert self.calls is not None
        return ask("tools/call", self.calls(tool, arguments))


def _answered(response: httpx.Response) -> Outcome:
    headers = dict(response.headers)
    if response.headers.get("Content-Type", "").startswith("text/event-stream"):
        frames = [line.removeprefix("data: ") for line in response.text.splitlines() if line.startswith("data: ")]
        return outcome(json.loads([frame for frame in frames if frame.strip()][-1]), response.status_code, headers)
    try:
        return outcome(response.json(), response.status_code, headers)
    except ValueError:
        return Outcome(response.status_code, text=response.text, headers=headers)


@contextlib.contextmanager
def plain(sender: Sender) -> Iterator[Ask]:
    with httpx.Client(base_url=sender.place.server.http, timeout=30, headers=sender.sent) as client:
        yield lambda method, params: _answered(client.post("/mcp", json=numbered(method, params)))


def _initialize(client: httpx.Client, version: str) -> httpx.Response:
    params = {"protocolVersion": version, "capabilities": {}, "clientInfo": INFO}
    return client.post("/mcp", json=message("initialize", params), headers={"Accept": BOTH})


@contextlib.contextmanager
def _in_session(sender: Sender, version: str, wrap: Callable[[Any], Any]) -> Iterator[Ask]:
    with httpx.Client(base_url=sender.place.server.http, timeout=30, headers=sender.sent) as client:
        named: dict[str, str] = {}
        if sender.session is not None:
            named = {"Mcp-Session-Id": sender.session}
        elif not sender.cookies:
            opened = _initialize(client, version)
            if opened.status_code != 200:
                yield lambda method, params: _answered(opened)
                return
            named = {"Mcp-Session-Id": opened.headers["Mcp-Session-Id"]}
        headers = {"MCP-Protocol-Version": version, "Accept": BOTH, **named}

        def ask(method: str, params: Mapping[str, Any]) -> Outcome:
            return _answered(client.post("/mcp", json=wrap(numbered(method, params)), headers=headers))

        yield ask


def session(sender: Sender) -> contextlib.AbstractContextManager[Ask]:
    return _in_session(sender, "2025-11-25", lambda one: one)


def batch(sender: Sender) -> contextlib.AbstractContextManager[Ask]:
    return _in_session(sender, "2025-03-26", lambda one: [one])


@contextlib.contextmanager
def _stateless(sender: Sender, **declared: Any) -> Iterator[Ask]:
    with httpx.Client(base_url=sender.place.server.http, timeout=30, headers=sender.sent) as client:

        def ask(method: str, params: Mapping[str, Any]) -> Outcome:
            headers = {"MCP-Protocol-Version": REVISION, "Mcp-Method": method, "Accept": BOTH}
            named = params.get("name") or params.get("uri") or params.get("taskId")
            if named and method not in ("completion/complete", "tools/list"):
                headers["Mcp-Name"] = str(named)
            whole = {**envelope(**declared), **params}
            return _answered(client.post("/mcp", json=message(method, whole, next(numbers)), headers=headers))

        yield ask


def stateless(sender: Sender) -> contextlib.AbstractContextManager[Ask]:
    return _stateless(sender)


def task(sender: Sender) -> contextlib.AbstractContextManager[Ask]:
    return _stateless(sender, **TASKS)


@contextlib.contextmanager
def legacy_sse(sender: Sender) -> Iterator[Ask]:
    """The stream of 2024-11-05 and POSTs to it; ``session`` names somebody else's stream."""
    with httpx.Client(base_url=sender.place.server.http, timeout=30, headers=sender.sent) as client:
        if sender.session is not None:
            place = f"/sse?sessionId={sender.session}"
            yield lambda method, params: _answered(client.post(place, json=numbered(method, params)))
            return
        with client.stream("GET", "/sse", headers={"Accept": "text/event-stream"}) as stream:
            if stream.status_code != 200:
                stream.read()
                refusal = _answered(stream)
                yield lambda method, params: refusal
                return
            data = (line.removeprefix("data: ") for line in stream.iter_lines() if line.startswith("data: "))
            endpoint = next(data)

            refusals: list[Outcome] = []

            def send(method: str, params: Mapping[str, Any]) -> None:
                posted = client.post(endpoint, json=numbered(method, params))
                if posted.status_code != 202:
                    refusals.append(_answered(posted))

            yield Duplex(send, lambda: refusals.pop() if refusals else outcome(json.loads(next(data))))


@contextlib.contextmanager
def get_stream(sender: Sender) -> Iterator[Ask]:
    """Each request opens the session's standalone stream, and hangs up once it is open."""
    with httpx.Client(base_url=sender.place.server.http, timeout=30, headers=sender.sent) as client:
        named: dict[str, str] = {}
        if sender.session is not None:
            named = {"Mcp-Session-Id": sender.session}
        elif not sender.cookies:
            opened = _initialize(client, "2025-11-25")
            if opened.status_code != 200:
                yield lambda method, params: _answered(opened)
                return
            named = {"Mcp-Session-Id": opened.headers["Mcp-Session-Id"]}

        def ask(method: str, params: Mapping[str, Any]) -> Outcome:
            with client.stream("GET", "/mcp", headers={"Accept": "text/event-stream", **named}) as stream:
                if stream.status_code != 200:
                    stream.read()
                    return _answered(stream)
                return Outcome(stream.status_code)

        yield ask


@contextlib.contextmanager
def _socket(sender: Sender, params_of: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Iterator[Ask]:
    headers = sender.sent
    origin, named = headers.pop("Origin", None), headers.pop("Host", None)
    place = urlsplit(sender.place.server.ws)
    try:
        opened = connect(
            f"ws://{named or '127.0.0.1'}:{place.port}/mcp",
            sock=socket.create_connection(("127.0.0.1", place.port or 0), timeout=30),
            origin=origin,  # type: ignore[arg-type]
            additional_headers=headers,
            subprotocols=["mcp"],  # type: ignore[list-item]
            max_size=None,
        )
    except InvalidStatus as error:
        refusal = Outcome(error.response.status_code, text=(error.response.body or b"").decode())
        yield lambda method, params: refusal
        return
    with opened as channel:

        def send(method: str, params: Mapping[str, Any]) -> None:
            with contextlib.suppress(ConnectionClosed):
                channel.send(json.dumps(message(method, params_of(params), next(numbers))))

        def receive() -> Outcome:
            try:
                return outcome(json.loads(channel.recv(timeout=30)))
            except ConnectionClosed as closed:
                return Outcome(code=closed.rcvd.code if closed.rcvd else -1, text=str(closed))

        yield Duplex(send, receive)


def websocket(sender: Sender) -> contextlib.AbstractContextManager[Ask]:
    return _socket(sender, dict)


def websocket_stateless(sender: Sender) -> contextlib.AbstractContextManager[Ask]:
    return _socket(sender, lambda params: {**envelope(), **params})


@contextlib.contextmanager
def stdio(sender: Sender) -> Iterator[Ask]:
    """A process of its own, with the environment and the home of the server that the rule is tried on."""
    place = sender.place
    environment = {**place.environment, "MCP_TRANSPORT": "stdio", "PYTHONPATH": str(ROOT)}
    with Stdio(environment, home=place.home, command=place.stdio) as client:
        yield Duplex(
            lambda method, params: client.send(numbered(method, params)),
            lambda: outcome(client.read()),
        )


@contextlib.contextmanager
def session_rest(sender: Sender) -> Iterator[Ask]:
    """Each request opens a session, or looks at the one that the sender names."""
    with httpx.Client(base_url=sender.place.server.http, timeout=30, headers=sender.sent) as client:

        def ask(method: str, params: Mapping[str, Any]) -> Outcome:
            if sender.session is not None:
                return _answered(client.get(f"/sse/session/{sender.session}"))
            return _answered(client.post("/sse/session"))

        yield ask


def by_call_tool(name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"name": "call_tool", "arguments": {"name": name, "arguments": arguments}}


PROMPT = ("prompts/get", {"name": "daily_standup", "arguments": {}})
RESOURCE = ("resources/read", {"uri": "gauzy://me"})
COMPLETION = (
    "completion/complete",
    {"ref": {"type": "ref/prompt", "name": "project_status"}, "argument": {"name": "project", "value": "a"}},
)
TASK = ("tasks/cancel", {"taskId": "none"})

WAYS = (
    Way("POST plain", plain),
    Way("POST session", session),
    Way("POST stateless", stateless),
    Way("batch", batch),
    Way("legacy SSE", legacy_sse),
    Way("GET stream", get_stream, calls=None),
    Way("WebSocket handshake", websocket),
    Way("WebSocket stateless", websocket_stateless),
    Way("stdio", stdio),
    Way("call_tool", plain, calls=by_call_tool),
    Way("task", task, use=TASK),
    Way("prompt", plain, use=PROMPT, calls=None),
    Way("resource", plain, use=RESOURCE, calls=None),
    Way("completion", plain, use=COMPLETION, calls=None),
    Way("session REST", session_rest, calls=None),
)
