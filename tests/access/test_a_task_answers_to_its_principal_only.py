"""Whoever learns the id of a task can neither read it nor cancel it, unless it is theirs (SEP-2663)."""

from __future__ import annotations

from pathlib import Path

from tests.access.ways import Place, Sender, task
from tests.oauth.stand_in import stand_in
from tests.processes import server


def test_of_somebody_elses_task_nothing_can_be_learnt(tmp_path: Path) -> None:
    home = str(tmp_path)
    with stand_in() as issuer, server(issuer.environment(MCP_TRANSPORT="http"), home) as running:
        place = Place(running, {}, home)
        alice, bob = (Sender(place, issuer.token(sub=name, scope="mcp.read mcp.write")) for name in ("alice", "bob"))
        with task(alice) as ask_alice, task(bob) as ask_bob:
            made = ask_alice("tools/call", {"name": "bulk_create_tasks", "arguments": {"tasks": [{"title": "hers"}]}})
            named = {"taskId": made.result["taskId"]}
            for method, more in (("tasks/get", {}), ("tasks/update", {"inputResponses": {}}), ("tasks/cancel", {})):
                refused = ask_bob(method, {**named, **more})
                assert refused.code == -32602 and "Unknown task" in refused.text
            assert ask_alice("tasks/get", named).result["taskId"] == named["taskId"]
