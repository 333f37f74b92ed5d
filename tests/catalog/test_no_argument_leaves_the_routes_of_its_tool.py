"""Whatever a caller sends, a tool, an address, a prompt and a completion ask Gauzy for their own routes only."""

from __future__ import annotations

import contextlib
import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gauzy_mcp.rehearsal import Rehearsal
from mcp_tools.catalog.domains import catalog
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.tool import DeclarationError, Tool, ToolError
from mcp_tools.operations.contract.check import Asked as Heard
from mcp_tools.operations.contract.examples import value
from mcp_tools.protocol.messages import Request
from tests.catalog.recorder import ADA, ID, OTHER, Asked, Recorder
from tests.clocks import When, clock
from tests.companies import company
from tests.processes import ROOT

HOSTILE: Final = st.sampled_from(
    ["../../metrics", "..%2f..%2fmetrics", "..", ".", "", "a/b", "a?b=c", "a#b", "a\\b", "//evil.example", "%2e%2e",
     "a\r\nHost: evil.example", "pagination", "count", "\x00", f"{ID}/../{ID}", f"{ID}?x=1", f"{ID}%2f..", f" {ID}",
     f"{ID}\n"]
) | st.text(st.sampled_from("./%?#\\:@&=;\x00\n a1é"), min_size=1, max_size=12)  # fmt: skip

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ROW: Final = re.compile(r"\| `(\w+)`.*\| ([^|]*) \|$")
OF_OTHERS: Final = {"GET /auth/permissions"}
"""Asked before something is done for somebody else."""
ELSEWHERE: Final[Mapping[str, set[str]]] = {
    **dict.fromkeys(("add_time_log", "update_daily_plan", "bulk_update_daily_plans"), OF_OTHERS),
    **dict.fromkeys(("add_task_to_daily_plan", "remove_task_from_daily_plan"), OF_OTHERS),
    "remove_task_from_many_daily_plans": OF_OTHERS,
    # Today's Gauzy serves no merchant, so that none is changed.
    **{f"{verb}_merchant": {"PUT /merchants/{id}"} for verb in ("update", "archive", "restore")},
    "delete_merchant": {"DELETE /merchants/{id}"},
    "start_timer": {"GET /organization-contact/{id}", "GET /organization-team/{id}"},
    "assign_employees_to_time_off_policy": {
        "POST /time-off-policy", "GET /time-off-request", "GET /time-off-request/count", "PUT /time-off-request/{id}",
        "DELETE /time-off-policy/{id}",
    },
}  # fmt: skip
"""Routes that the examples of the demo company, which docs/tools.md shows, do not reach."""
TOOLS: Final = [tool for tool in catalog() if tool.kind == "gauzy"]


def documented() -> Mapping[str, set[str]]:
    """The routes of each tool in docs/tools.md, which a test holds to what the tool asks."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / "docs" / "tools.md").read_text(encoding="utf-8").splitlines():
        row = _ROW.fullmatch(line)
        if row:
            found[row[1]] = set(re.findall(r"`([A-Z]+ [^`]+)`", row[2]))
    return found


ROUTES: Final = documented()


def shown(asked: Asked | Heard) -> str:
    return f"{asked.method} {_UUID.sub('{id}', asked.path)}"


def arguments(tool: Tool, hostile: str, place: int) -> Iterator[dict[str, Any]]:
    """With ``hostile`` in every text at once, and in one of them."""
    schema = {**tool.argument_schema, "required": [*tool.argument_schema["properties"]]}
    good = value("", schema, lambda name: None)
    leaves = [*_leaves(schema, good)]
    for chosen in (leaves, leaves[place % len(leaves) :][:1] if leaves else []):
        made = json.loads(json.dumps(good))
        for path in chosen:
            inner = made
            for step in path[:-1]:
                inner = inner[step]
            inner[path[-1]] = hostile
        yield made


def _leaves(schema: Mapping[str, Any], one: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where texts stand in ``one``. Ids are filled in with one that is well formed on the way."""
    if isinstance(one, dict):
        for name, item in one.items():
            part = schema.get("properties", {}).get(name, {})
            if part.get("format") == "uuid":
                one[name] = OTHER
            yield from _leaves(part, item, (*path, name))
    elif isinstance(one, list):
        for index, item in enumerate(one):
            if schema["items"].get("format") == "uuid":
                one[index] = OTHER
            yield from _leaves(schema["items"], item, (*path, index))
    elif isinstance(one, str) and "enum" not in schema:
        yield path


def answering() -> Recorder:
    """A Gauzy that has one of everything, so that tools come far."""
    row: dict[str, Any] = {
        **dict.fromkeys(("id", "employeeId", "projectId", "invoiceId", "toContactId", "userId", "candidateId"), ID),
        **dict.fromkeys(("name", "title", "code", "currency", "status", "entity"), "Task"),
        **dict.fromkeys(("amount", "invoiceNumber", "max", "totalValue", "number"), 1),
        **dict.fromkeys(("startedAt", "stoppedAt", "date", "createdAt", "start", "end"), "2026-01-15T09:00:00.000Z"),
        "organizationId": ADA.organization_id, "running": True, "isEstimate": True, "token": "t",
        "primaryEmail": "a@b.c", "timeSlots": [{"id": ID}], "members": [{"id": ID, "employeeId": ID}],
        "employees": [{"id": ID}],
        "stages": [{"id": ID, "name": "Task", "index": 0}], "teams": [{"id": ID}],
        "keyResults": [{"id": ID, "name": "x"}],
        "invoiceItems": [{"id": ID, "price": 1, "quantity": 1}], "gallery": [{"id": ID}], "requiresApproval": True,
        "paid": False, "translations": [],
    }  # fmt: skip
    whole = {**row, "items": [row], "total": 1}
    context = Recorder()
    for method in ("GET", "POST", "PUT", "DELETE"):
        context.on(method, ".*", whole)
    return context


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(hostile=HOSTILE, place=st.integers(0, 40))
async def test_no_argument_of_a_tool(hostile: str, place: int) -> None:
    """Without the check of the schema: what a tool makes of its arguments must hold by itself."""
    strayed: dict[str, set[str]] = defaultdict(set)
    for tool in TOOLS:
        for given_ in arguments(tool, hostile, place):
            context = answering()
            # What is wrong with an answer or an argument is of no interest here, only what was asked.
            with contextlib.suppress(Exception):
                await tool.run(context, given_)  # type: ignore[arg-type]
            known = ROUTES[tool.name] | ELSEWHERE.get(tool.name, set())
            strayed[tool.name] |= {shown(asked) for asked in context.asked} - known
    assert {name: routes for name, routes in strayed.items() if routes} == {}


class Talk(Rehearsal):
    """A client that may ask for anything, and what Gauzy was asked meanwhile."""

    async def ask(self, method: str, params: dict[str, Any]) -> set[str]:
        self._requests.clear()
        await self._assembly.engine.answer_alone(Request(1, method, params))
        return {shown(asked) for asked in self._requests if not asked.path.startswith("/auth/")}

    @property
    def offer(self) -> Any:
        return self._assembly.offer


@pytest.fixture
async def talk(tmp_path: Path, when: When) -> AsyncIterator[Talk]:
    one = Talk(tmp_path, clock(when.moment), company(when.moment))
    yield one
    await one.stop()


hostile_texts = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@hostile_texts
@given(hostile=HOSTILE)
async def test_no_address(talk: Talk, hostile: str) -> None:
    for template in talk.offer.resources.templates:
        for written in (hostile, quote(hostile, safe="")):
            for method in ("resources/read", "resources/subscribe"):
                uri = template.uri_template.replace("{id}", written)
                assert await talk.ask(method, {"uri": uri}) == set(), uri


async def test_an_address_with_an_id_is_asked_for(talk: Talk) -> None:
    for template in talk.offer.resources.templates:
        asked = await talk.ask("resources/read", {"uri": template.uri_template.replace("{id}", ID)})
        assert asked, template.uri_template


@hostile_texts
@given(hostile=HOSTILE)
async def test_no_argument_of_a_prompt_or_a_completion(talk: Talk, hostile: str) -> None:
    routes = {
        "GET /tasks/pagination", "GET /organization-projects/pagination", "GET /organization-contact/pagination",
        "GET /employee/members", "GET /timesheet/time-log", "GET /invoices/pagination",
    }  # fmt: skip
    for prompt in talk.offer.prompts.all():
        filled_in = {argument.name: hostile for argument in prompt.arguments}
        assert await talk.ask("prompts/get", {"name": prompt.name, "arguments": filled_in}) <= routes
    for ref, name in references(talk):
        argument = {"name": name, "value": hostile}
        assert await talk.ask("completion/complete", {"ref": ref, "argument": argument}) <= routes


def references(talk: Talk) -> Sequence[tuple[dict[str, str], str]]:
    """Everything that can be completed: what refers to it, and the name of its argument."""
    of_prompts = [
        ({"type": "ref/prompt", "name": prompt.name}, argument.name)
        for prompt in talk.offer.prompts.all()
        for argument in prompt.arguments
    ]
    of_templates = [
        ({"type": "ref/resource", "uri": template.uri_template}, "id") for template in talk.offer.resources.templates
    ]
    return [*of_prompts, *of_templates]


def test_a_segment_is_a_uuid_or_a_declared_pattern() -> None:
    assert path_to("/tasks/{id}/view", id=ID) == f"/tasks/{ID}/view"
    assert path_to("/invoices/email/{email}", email="a.b+c@example.com") == "/invoices/email/a.b+c@example.com"
    with pytest.raises(ToolError, match=r"taskId: '../../metrics' is not an id such as 3fa85f64-"):
        path_to("/tasks/{taskId}", taskId="../../metrics")
    with pytest.raises(ToolError, match=r"email: .* is not an e-mail address such as ada@example\.com"):
        path_to("/invoices/email/{email}", email="a/../b@example.com")
    with pytest.raises(ToolError, match=r"language: 'en/\.\.' is not a language code"):
        path_to("/products/local/{language}", language="en/..")


@pytest.mark.parametrize("route", ["", "tasks", "/tasks/", f"/tasks/{ID}", "/tasks/..", "/tasks//x", "/tasks?x=1"])
def test_a_route_is_words_and_names(route: str) -> None:
    with pytest.raises(DeclarationError, match="write a route as words and names of segments"):
        path_to(route)
