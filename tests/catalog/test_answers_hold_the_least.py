"""Pay and switches of people are in no answer unless they are asked for, whatever Gauzy puts into its own."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from gauzy_mcp.rehearsal import Rehearsal
from mcp_tools.catalog.domains import catalog
from mcp_tools.catalog.domains.organizations import SETTINGS
from mcp_tools.catalog.rows import PAY, RESERVED
from mcp_tools.catalog.tool import Tool
from mcp_tools.operations.contract.known import BEFORE
from mcp_tools.protocol.messages import Request
from tests.catalog.recorder import ID
from tests.clocks import When, clock
from tests.companies import company

TOOLS = [tool for tool in catalog() if tool.kind == "gauzy" and tool.toolset != "merchants"]
OF_RELATED = {"isTrackingEnabled": True}


class Generous(Rehearsal):
    """A Gauzy that adds everything that people carry along to every record of an answer, at any depth."""

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        parts: list[bytes] = []

        async def collect(event: Any) -> None:
            if event["type"] == "http.response.body":
                parts.append(event.get("body", b""))
                if not event.get("more_body"):
                    await send({"type": "http.response.body", "body": enriched(b"".join(parts))})
            else:
                await send({**event, "headers": [one for one in event["headers"] if one[0] != b"content-length"]})

        await super()._answer(scope, receive, collect)

    async def read(self, uri: str) -> str:
        request = Request(1, "resources/read", {"uri": uri})
        reply = json.loads((await self._assembly.engine.answer_alone(request)).body)
        return str(reply["result"]["contents"][0]["text"])


def enriched(body: bytes) -> bytes:
    try:
        value = json.loads(body)
    except ValueError:
        return body
    return json.dumps(_enriched(value)).encode()


def _enriched(value: Any) -> Any:
    if isinstance(value, list):
        return [_enriched(item) for item in value]
    if not isinstance(value, dict):
        return value
    more = {**dict.fromkeys(RESERVED, 77), **OF_RELATED} if "id" in value and "token" not in value else {}
    return {**more, **{name: _enriched(item) for name, item in value.items()}}


def names(value: Any) -> Iterator[str]:
    """The names of all fields, at any depth."""
    for name, item in value.items() if isinstance(value, dict) else ():
        yield name
        yield from names(item)
    for item in value if isinstance(value, list) else ():
        yield from names(item)


@pytest.fixture
async def generous(tmp_path: Path, when: When) -> AsyncIterator[Generous]:
    one = Generous(tmp_path, clock(when.moment), company(when.moment))
    yield one
    await one.stop()


async def test_no_answer_of_a_tool(generous: Generous) -> None:
    unanswered = []
    for tool in TOOLS:
        told = await first_answer(generous, tool)
        if told is None:
            unanswered.append(tool.name)
        if tool.effect != "reads":
            generous.renew()
    # Those whose examples need what the demo company has not: images, a member to take off.
    assert len(unanswered) < 8, unanswered


async def first_answer(generous: Generous, tool: Tool) -> Any:
    """The answer to the first of a tool's examples that succeeds, after a look at what is in it."""
    for given in await generous.examples(tool):
        if tool.name in BEFORE:
            await generous.call(BEFORE[tool.name], {})
        outcome = await generous.call(tool.name, {name: one for name, one in given.items() if name != "fields"})
        if outcome.error is None:
            told = outcome.result.get("structuredContent") or {}
            assert not RESERVED & set(names(told)) - allowed(tool, given), tool.name
            return told
    return None


def allowed(tool: Tool, given: dict[str, Any]) -> set[str]:
    """What was written by this very call, and the switches that get_organization is about."""
    return {*given, *(set(SETTINGS) - PAY if tool.name == "get_organization" else ())}


async def test_no_related_record_shows_who_may_track_time(generous: Generous) -> None:
    outcome = await generous.call("get_task", (await generous.examples(TOOL["get_task"]))[0])
    assert "members" in outcome.result["structuredContent"]
    assert "isTrackingEnabled" not in set(names(outcome.result["structuredContent"]["members"]))


TOOL = {tool.name: tool for tool in TOOLS}


async def test_pay_is_shown_to_those_who_ask_for_it(generous: Generous) -> None:
    asked = {"fields": ["fullName", "billRateValue"], "limit": 1}
    [row] = (await generous.call("get_employees", asked)).result["structuredContent"]["items"]
    assert set(row) == {"fullName", "billRateValue"}
    related = {"fields": ["members", "billRateValue"], "limit": 1}
    [row] = (await generous.call("get_tasks", related)).result["structuredContent"]["items"]
    assert {"billRateValue"} == RESERVED & set(names(row["members"]))


async def test_no_resource(generous: Generous) -> None:
    for word, tool in (("project", "get_project"), ("task", "get_task"), ("employee", "get_employee")):
        record = (await generous.known(TOOL[tool]))["id"]
        assert record != ID
        assert not RESERVED & set(names(json.loads(await generous.read(f"gauzy://{word}/{record}"))))
