"""2026-07-28 page basic/patterns/mrtr: an answer belongs to a question that was asked, which the state proves."""

from __future__ import annotations

from tests.processes import Server
from tests.transports.calls import client, envelope, post_stateless

YES = {"confirm_call": {"action": "accept", "content": {"confirm": True}}}
ASKABLE = envelope(elicitation={"form": {}})


def test_a_yes_to_what_was_never_asked_deletes_nothing(live: Server) -> None:
    with client(live.http) as http:
        made = post_stateless(http, "tools/call", {"name": "create_task", "arguments": {"title": "stays"}})
        named = {"name": "delete_task", "arguments": {"id": made.json()["result"]["structuredContent"]["id"]}}
        eager = post_stateless(http, "tools/call", {**ASKABLE, **named, "inputResponses": YES}).json()["result"]
        assert eager["resultType"] == "input_required"
        answer = {"inputResponses": YES, "requestState": eager["requestState"]}
        done = post_stateless(http, "tools/call", {**ASKABLE, **named, **answer}).json()["result"]
        assert done["resultType"] == "complete" and not done.get("isError")
