"""The check that all tests stand on: it takes what a server may send, and names the place of what it may not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.schema.conversation import Conversation
from tests.schema.validate import REVISIONS, check

LATEST = "2025-11-25"
STATELESS = "2026-07-28"


def result(**fields: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "result": fields}


def error(code: int, **fields: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "error": {"code": code, "message": "no", **fields}}


def told(method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "method": method, "params": params}


def test_there_is_a_schema_for_every_revision() -> None:
    assert REVISIONS == ("2024-11-05", "2025-03-26", "2025-06-18", LATEST, STATELESS)


@pytest.mark.parametrize(
    ("revision", "method", "message", "place"),
    [
        (LATEST, "tools/call", result(content=[{"type": "text"}]), "content.0"),
        (LATEST, "tools/call", result(content="x"), "content"),
        (LATEST, "tools/call", result(content=[], structuredContent=[1]), "structuredContent"),
        (LATEST, "tools/list", result(tools=[{"name": "x"}]), "tools.0"),
        (LATEST, "tools/list", result(tools=[{"name": "x", "inputSchema": {"type": "array"}}]), "inputSchema.type"),
        (LATEST, "initialize", result(), "protocolVersion"),
        (LATEST, "resources/read", result(contents=[{"uri": "no address", "text": "x"}]), "contents.0"),
        (LATEST, "ping", {"jsonrpc": "1.0", "id": 1, "result": {}}, "jsonrpc"),
        (LATEST, "ping", {"jsonrpc": "2.0", "result": {}}, "id"),
        (LATEST, "ping", error(-32601, data=1) | {"error": {"code": "x"}}, "error"),
        (STATELESS, "tools/list", result(tools=[]), "resultType"),
        (STATELESS, "tools/list", result(tools=[], resultType="complete"), "cacheScope"),
        (STATELESS, "tools/call", result(resultType="input_required", inputRequests={"a": {"method": "x"}}), "a"),
        (STATELESS, None, error(-32022), "data"),
        (STATELESS, None, error(-32002), "error.code"),
        (
            "2025-03-26",
            "tools/call",
            result(content=[{"type": "resource_link", "uri": "a:b", "name": "x"}]),
            "content.0",
        ),
    ],
)
def test_a_wrong_answer(revision: str, method: str | None, message: Any, place: str) -> None:
    with pytest.raises(AssertionError, match=place):
        check(revision, method, message)


@pytest.mark.parametrize(
    ("revision", "message"),
    [
        (LATEST, told("notifications/initialized")),
        (LATEST, told("notifications/progress", progress=1)),
        (LATEST, told("notifications/message", level="loud", data=1)),
        (LATEST, told("tools/list") | {"id": 1}),
        ("2025-03-26", told("elicitation/create", message="?", requestedSchema={}) | {"id": 1}),
        (STATELESS, told("sampling/createMessage", messages=[], maxTokens=1) | {"id": 1}),
        ("2025-06-18", [result()]),
    ],
)
def test_what_a_server_may_not_send(revision: str, message: Any) -> None:
    with pytest.raises(AssertionError, match=revision):
        check(revision, None, message)


def test_what_is_right_passes() -> None:
    check(LATEST, "tools/call", result(content=[{"type": "text", "text": "x"}], structuredContent={"a": 1}))
    check(LATEST, "ping", result())
    check(LATEST, None, {**error(-32700), "id": None})
    check(STATELESS, "tools/call", result(resultType="task", taskId="x"))
    check(STATELESS, "tasks/get", result(resultType="complete", taskId="x"))
    check("2025-03-26", None, [result(), error(-32601)])


def test_a_conversation_takes_its_revision_from_the_handshake() -> None:
    talk = Conversation()
    talk.sent(told("initialize", protocolVersion=STATELESS) | {"id": 1})
    agreed = result(protocolVersion="2025-03-26", capabilities={}, serverInfo={"name": "x", "version": "1"})
    talk.received(agreed)
    assert talk.revision == "2025-03-26"
    with pytest.raises(AssertionError, match="elicitation/create"):
        talk.received(told("elicitation/create", message="?", requestedSchema={}) | {"id": 2})
