"""``total`` and ``hasMore`` of a completion are true, also beyond the hundred values that it may carry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mcp_tools.catalog.prompts import Argument, Prompt, Prompts, Suggestions
from mcp_tools.catalog.resources import Resources
from mcp_tools.catalog.workflows import gauzy_prompts
from mcp_tools.dispatch.caller import Caller
from mcp_tools.dispatch.completions import Completions
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.protocol.messages import Request
from tests.catalog.recorder import ID, Recorder
from tests.dispatch.talk import Client, talking

PROJECTS: dict[str, Any] = {"type": "ref/prompt", "name": "project_status"}
IDS: dict[str, Any] = {"type": "ref/resource", "uri": "gauzy://project/{id}"}


async def completed(client: Client, ref: dict[str, Any], name: str, typed: str) -> dict[str, Any]:
    params = {"ref": ref, "argument": {"name": name, "value": typed}}
    told: dict[str, Any] = (await client.ask("completion/complete", params))["result"]["completion"]
    return told


async def make(client: Client, count: int, name: str) -> None:
    for first in range(0, count, 50):
        batch = [{"name": name.format(number)} for number in range(first, min(first + 50, count))]
        await client.call("bulk_create_projects", projects=batch, confirm=True)


async def test_120_matches_are_120(tmp_path: Path) -> None:
    async with talking(tmp_path) as client:
        await make(client, 120, "Rocket {:03}")
        for ref, name in ((PROJECTS, "project"), (IDS, "id")):
            told = await completed(client, ref, name, "rocket")
            assert (len(told["values"]), told["total"], told["hasMore"]) == (100, 120, True)
        few = await completed(client, PROJECTS, "project", "rocket 11")
        assert (len(few["values"]), few["total"], few["hasMore"]) == (10, 10, False)


async def test_an_id_of_the_second_hundred_is_found_by_its_beginning(tmp_path: Path) -> None:
    async with talking(tmp_path) as client:
        await make(client, 120, "Rocket {:03}")
        for page in (1, 2):
            listed = await client.call("get_projects", name="Rocket", limit=100, page=page)
            one = listed["structuredContent"]["items"][-1]["id"]
            told = await completed(client, IDS, "id", one[:13])
            assert (told["values"], told["total"], told["hasMore"]) == ([one], 1, False)


async def test_of_very_many_five_pages_are_read_and_no_total_is_claimed() -> None:
    rows = [{"id": ID, "name": f"Rocket {number}"} for number in range(100)]
    gauzy = Recorder().on("GET", "/organization-projects/pagination", {"items": rows, "total": 700})
    argument = gauzy_prompts().find("project_status").argument("project")
    found = await argument.complete(gauzy, "rocket", {})
    assert not found.complete
    assert [dict(asked.query)["skip"] for asked in gauzy.asked] == ["1", "2", "3", "4", "5"]
    prompts = Prompts([Prompt("p", "A prompt.", render, [Argument("a", "Any.", complete=many)])])
    request = Request(1, "completion/complete", {"ref": {"type": "ref/prompt", "name": "p"}, "argument": VALUE})
    context = RequestContext.of(request, Caller.local(scope="test"))
    answer = await Completions(prompts, Resources(), lambda *_: gauzy, {}).answer(request, context)
    assert answer["completion"] == {"values": ["x"], "hasMore": True}


VALUE = {"name": "a", "value": ""}


async def many(context: Any, typed: str, filled_in: Any) -> Suggestions:
    return Suggestions(["x", "x"], complete=False)


async def render(context: Any, given: Any) -> Any:
    raise AssertionError("never rendered")
