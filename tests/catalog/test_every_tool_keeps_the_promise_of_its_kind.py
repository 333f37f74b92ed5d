"""For all tools of a kind, on a demo company: whatever fits the schema is answered well, and asked of Gauzy rightly.

``gauzy`` tools ask documented routes with documented fields, and answer by their outputSchema or say what is wrong.
``local`` tools answer without Gauzy's records. ``unavailable`` ones ask nothing and name what to use instead.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gauzy_mcp.rehearsal import Outcome, Rehearsal
from mcp_tools.catalog.domains import catalog
from mcp_tools.catalog.tool import Tool
from mcp_tools.operations.contract.check import problems
from mcp_tools.operations.contract.document import Document
from mcp_tools.operations.contract.known import BEFORE
from mcp_tools.operations.contract.proven import ACCEPTED
from tests.catalog.made_from_schemas import values
from tests.clocks import When, clock
from tests.companies import company
from tests.contract.rehearsed import EXTRACT

DOCUMENT = Document(json.loads(EXTRACT.read_text(encoding="utf-8")))
TOOLS = [tool for tool in catalog() if tool.kind == "gauzy"]
UNAVAILABLE = {
    "add_deal_property", "update_deal_property", "remove_deal_property", "update_payment_status", "refund_payment",
    "create_activity_log", "delete_activity_logs", "add_comment_to_goal",
}  # fmt: skip
NOTHING_TO_WORK_ON = {"add_product_gallery_images", "set_product_featured_image", "delete_product_gallery_image"}
"""The demo company has no images; their effects are shown in tests/domains."""
SIGNING_IN = ("/auth/", "/user/me", "/health")

each = pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)


@pytest.fixture
async def rehearsal(tmp_path: Path, when: When) -> AsyncIterator[Rehearsal]:
    one = Rehearsal(tmp_path, clock(when.moment), company(when.moment))
    yield one
    await one.stop()


METHODS: Mapping[str, set[str]] = {
    "reads": {"GET"},
    "adds": {"GET", "POST"},
    "changes": {"GET", "POST", "PUT"},
    "deletes": {"GET", "POST", "PUT", "DELETE"},
}
"""What a tool may send, by its effect."""
BESIDES: Mapping[str, tuple[str, str]] = {
    "add_pipeline_stage": ("PUT", "a stage is added by a PUT of its pipeline"),
    "send_invoice_email": ("PUT", "Gauzy's route for mailing an invoice is a PUT"),
    "generate_invoice_link": ("PUT", "Gauzy's route for a new link is a PUT"),
}
"""What some send besides, and why."""


def check_effect(tool: Tool, outcome: Outcome) -> None:
    """It does no more than it declares."""
    sent = {asked.method for asked in outcome.requests}
    assert sent <= METHODS[tool.effect] | {BESIDES.get(tool.name, ("GET", ""))[0]}


def check(tool: Tool, outcome: Outcome) -> None:
    """Each request is one that the tool declares and Gauzy documents, and the answer is right."""
    check_effect(tool, outcome)
    for asked in outcome.requests:
        operation = DOCUMENT.find(asked.method, f"/api{asked.path}")
        shown = f"{asked.method} {operation.path if operation else asked.path}"
        wrong = set(problems(asked, operation, DOCUMENT)) - ACCEPTED.get(shown, frozenset())
        assert not {one for one in wrong if "cannot be" not in one}, shown
    check_answer(tool, outcome)


def check_answer(tool: Tool, outcome: Outcome) -> None:
    """It fits the schema, or is an error that says something."""
    if outcome.error is not None:
        assert len(outcome.error) > 15 and "internal error" not in outcome.error.lower(), outcome.error
    elif tool.output_schema is not None:
        told = outcome.result["structuredContent"]
        assert not [error.message for error in jsonschema_rs.iter_errors(tool.output_schema, told)]


@each
async def test_each_argument_by_itself_reaches_gauzy(tool: Tool, rehearsal: Rehearsal) -> None:
    succeeded = []
    for arguments in await rehearsal.examples(tool):
        if tool.name in BEFORE:
            await rehearsal.call(BEFORE[tool.name], {})
        outcome = await rehearsal.call(tool.name, arguments)
        check(tool, outcome)
        succeeded.append(outcome.error is None)
    # Today's Gauzy serves no merchant.
    if tool.toolset != "merchants" and tool.name not in NOTHING_TO_WORK_ON:
        assert any(succeeded)


@each
@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_whatever_fits_is_answered_well(tool: Tool, rehearsal: Rehearsal, data: st.DataObject) -> None:
    known = await rehearsal.known(tool)
    if tool.effect != "reads":
        rehearsal.renew()
    arguments = data.draw(values(tool.typed_schema))
    check(tool, await rehearsal.call(tool.name, with_known(tool.typed_schema, arguments, known)))


def with_known(schema: Mapping[str, Any], value: Any, known: Mapping[str, str], name: str = "") -> Any:
    """``value`` with the ids of records that are there in place of made-up ones."""
    if schema.get("type") == "object" and isinstance(value, dict):
        parts = schema.get("properties", {})
        return {key: with_known(parts.get(key, {}), item, known, key) for key, item in value.items()}
    if schema.get("type") == "array":
        return [with_known(schema["items"], item, known, name) for item in value]
    return known.get(name, value) if schema.get("format") == "uuid" else value


@pytest.mark.parametrize("tool", [tool for tool in catalog() if tool.kind == "local"], ids=lambda tool: tool.name)
async def test_local_tools_ask_for_no_records(tool: Tool, rehearsal: Rehearsal) -> None:
    given = {"call_tool": {"name": "get_server_info", "arguments": {}}, "search_tools": {"query": "invoices"}}
    outcome = await rehearsal.call(tool.name, given.get(tool.name, {}))
    assert outcome.error is None
    assert [asked.path for asked in outcome.requests if not asked.path.startswith(SIGNING_IN)] == []
    check_answer(tool, outcome)


def test_unavailable_are_exactly_those_that_no_request_can_serve() -> None:
    assert {tool.name for tool in catalog() if tool.kind == "unavailable"} == UNAVAILABLE
    assert {tool.name for tool in catalog() if not tool.listed} == UNAVAILABLE


@pytest.mark.parametrize("name", sorted(UNAVAILABLE))
async def test_an_unavailable_tool_says_why_and_what_to_use(name: str, rehearsal: Rehearsal) -> None:
    tool = rehearsal.catalog.find(name)
    assert tool is not None
    for arguments in ({}, *await rehearsal.examples(tool)):
        outcome = await rehearsal.call(name, arguments)
        assert outcome.error is not None and outcome.requests == ()
        assert any(other in outcome.error for other in rehearsal.catalog.names) or "Gauzy" in outcome.error
