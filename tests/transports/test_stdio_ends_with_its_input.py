"""At the end of the input nobody can answer any more: questions end at once, calls that run are finished."""

from __future__ import annotations

import json

from mcp_tools.sandbox.demo import ident
from tests.processes import Stdio
from tests.transports.calls import message

ASKED = {
    "protocolVersion": "2025-11-25",
    "capabilities": {"elicitation": {"form": {}}},
    "clientInfo": {"name": "t", "version": "1"},
}
APOLLO = ident("project", "Apollo")


def test_a_question_that_waits_ends_and_what_it_was_about_is_not_done() -> None:
    """``finish`` waits for half as long as calls may take to come to their end."""
    with Stdio() as client:
        client.ask("initialize", ASKED)
        client.send(message("tools/call", {"name": "delete_project", "arguments": {"id": APOLLO}}, 2))
        assert client.read()["method"] == "elicitation/create"
        client.send(message("tools/call", {"name": "get_project", "arguments": {"id": APOLLO}}, 3))
        rest, _ = client.finish()
    assert client.process.returncode == 0
    said = [json.loads(line) for line in rest.splitlines()]
    answers = {one["id"]: one["result"] for one in said if "id" in one}
    assert answers[2]["isError"] and "Nobody can answer" in answers[2]["content"][0]["text"]
    assert answers[3]["structuredContent"]["name"] == "Apollo"
    assert "notifications/cancelled" in [one.get("method") for one in said]


def test_nobody_is_asked_after_the_end() -> None:
    with Stdio() as client:
        client.ask("initialize", ASKED)
        # Signing in takes longer than the input lasts, and the question comes after it.
        client.send(message("tools/call", {"name": "delete_project", "arguments": {"id": APOLLO}}, 2))
        rest, _ = client.finish()
    said = [json.loads(line) for line in rest.splitlines()]
    assert "Nobody can answer" in said[-1]["result"]["content"][0]["text"]


def test_an_answer_that_came_in_time_counts() -> None:
    with Stdio() as client:
        client.ask("initialize", ASKED)
        client.send(message("tools/call", {"name": "delete_project", "arguments": {"id": APOLLO}}, 2))
        asked = client.read()
        client.send({"jsonrpc": "2.0", "id": asked["id"], "result": {"action": "accept", "content": {"confirm": True}}})
        rest, _ = client.finish()
    assert json.loads(rest)["result"]["structuredContent"]["deleted"] is True
