"""Whatever bytes arrive: the engine raises nothing, answers each request id at most once, and goes on."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gauzy_mcp.env import load
from gauzy_mcp.wiring import Assembly
from mcp_tools.dispatch.caller import Caller
from mcp_tools.dispatch.connection import Connection
from mcp_tools.protocol.messages import MAX_DEPTH
from tests.processes import ROOT

META = "io.modelcontextprotocol/"
METHODS = [
    "initialize", "ping", "tools/list", "tools/call", "prompts/list", "prompts/get", "resources/list", "resources/read",
    "resources/templates/list", "resources/subscribe", "completion/complete", "logging/setLevel", "server/discover",
    "tasks/get", "tasks/cancel", "tasks/update", "notifications/cancelled", "notifications/initialized", "no/such",
]  # fmt: skip
NAMES = ["get_server_info", "get_projects", "no_such_tool", "daily_standup", "gauzy://me", ""]

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
envelopes = st.fixed_dictionaries(
    {},
    optional={
        META + "protocolVersion": st.sampled_from(["2026-07-28", "2025-06-18", "v9", ""]) | values,
        META + "clientCapabilities": st.just({}) | values,
        META + "logLevel": st.sampled_from(["info", "loud"]) | values,
        "progressToken": values,
    },
)
params = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(NAMES) | values,
        "uri": st.sampled_from(NAMES) | values,
        "arguments": st.just({}) | values,
        "cursor": values,
        "level": st.sampled_from(["debug", "loud"]),
        "protocolVersion": st.sampled_from(["2025-03-26", "2025-11-25", "2026-07-28"]) | values,
        "capabilities": values,
        "clientInfo": values,
        "ref": st.just({"type": "ref/prompt", "name": "daily_standup"}) | values,
        "argument": st.just({"name": "employee", "value": ""}) | values,
        "requestId": st.integers(0, 3),
        "inputResponses": values,
        "requestState": st.text(max_size=20) | values,
        "taskId": st.text(max_size=20) | values,
        "_meta": envelopes | values,
    },
)
messages = st.fixed_dictionaries(
    {"jsonrpc": st.sampled_from(["2.0", "2.0", "2.0", "1.0"])},
    optional={
        "id": st.integers(0, 3) | st.sampled_from(["a", "b"]) | values,
        "method": st.sampled_from(METHODS) | values,
        "params": params | params | values,
        "result": values,
        "error": values,
    },
)
frames = st.one_of(
    st.binary(max_size=200),
    messages.map(lambda message: json.dumps(message).encode()),
    st.lists(messages, max_size=4).map(lambda batch: json.dumps(batch).encode()),
    st.integers(1, 4 * MAX_DEPTH).map(lambda depth: b"[" * depth + b"]" * depth),
)


def assembly() -> Assembly:
    """Nobody is signed in, so a tool that needs Gauzy says so at once: the engine is what is tried here."""
    nowhere = {"API_BASE_URL": "http://127.0.0.1:9", "MCP_SECRET_KEY": "k", "GAUZY_MCP_ENV_FILE": "none"}
    return Assembly(load(nowhere, root=ROOT).environment)


async def converse(sent: list[bytes]) -> list[Any]:
    """Sends ``sent`` to a fresh connection, then a ping, and answers what came back."""
    parts = assembly()
    received: list[Any] = []

    async def write(message: bytes) -> None:
        received.append(json.loads(message))

    caller = Caller.local(scope="test", session=await parts.engine.sessions.open("stdio"))
    connection = Connection(parts.engine, caller, write)
    for frame in sent:
        await connection.receive(frame)
    await connection.close()
    await connection.receive(b'{"jsonrpc":"2.0","id":"last","method":"ping"}')
    await parts.stop()
    return received


@settings(max_examples=120, deadline=None)
@given(st.lists(frames, max_size=6))
def test_any_frames_are_answered_and_the_connection_goes_on(sent: list[bytes]) -> None:
    received = asyncio.run(converse(sent))
    assert received[-1] == {"jsonrpc": "2.0", "id": "last", "result": {}}
    flat = [one for message in received for one in (message if isinstance(message, list) else [message])]
    answers = [one for one in flat if "method" not in one]
    assert all(("result" in one) != ("error" in one) for one in answers)
    asked = Counter(json.dumps(one["id"]) for frame in sent for one in _requests(frame))
    told = Counter(json.dumps(one["id"]) for one in answers[:-1] if one.get("id") is not None)
    assert not told - asked, "an answer without a request"


def _requests(frame: bytes) -> list[Any]:
    try:
        value = json.loads(frame)
    except ValueError:
        return []
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict) and _is_id(item.get("id"))]


def _is_id(value: Any) -> bool:
    return type(value) in (str, int) or (type(value) is float and value.is_integer())
