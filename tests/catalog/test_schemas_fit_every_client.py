"""The schemas of all tools are portable, say what comes back, and cost little; and what they promise is accepted."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcp_tools.catalog.domains import CORE, catalog
from mcp_tools.catalog.tool import Tool
from mcp_tools.dispatch.arguments import InvalidArguments
from mcp_tools.dispatch.lists import describe_tool
from tests.catalog.made_from_schemas import values
from tests.catalog.recorder import accepted, validators

TOOLS = list(catalog())
MISSION = [
    "test_connection",
    "test_api_connection",
    "start_timer",
    "stop_timer",
    "get_active_timer",
    "timer_status",
    "get_projects",
    "create_project",
    "update_project",
    "get_tasks",
    "create_task",
    "update_task",
    "get_employees",
    "create_employee",
    "get_daily_plan",
    "create_daily_plan",
    "get_organization_contacts",
    "login",
    "logout",
    "get_auth_status",
    "refresh_auth_token",
    "get_session_info",
    "cleanup_sessions",
    "get_server_info",
    "test_mcp_capabilities",
]
COMBINATORS = ("oneOf", "anyOf", "allOf", "not", "if", "$ref", "$defs", "definitions")

each_tool = pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)


def walk(schema: Any) -> list[dict[str, Any]]:
    """The schema and all that are inside it."""
    found = [schema]
    for inner in [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]:
        found += walk(inner)
    return found


def tokens(*parts: Any) -> int:
    return len(json.dumps(parts, separators=(",", ":"), ensure_ascii=False).encode()) // 4


def cost(tool: Tool) -> int:
    """What a client puts before the model for one tool, in tokens of four bytes."""
    return tokens({"name": tool.name, "description": tool.description, "inputSchema": tool.input_schema})


def test_every_name_of_the_mission_can_be_called() -> None:
    assert [name for name in MISSION if catalog().find(name) is None] == []
    assert catalog().find("test_connection") is catalog().find("test_api_connection")
    assert catalog().find("get_active_timer") is catalog().find("timer_status")


@each_tool
def test_names_and_descriptions_are_within_every_clients_limits(tool: Tool) -> None:
    for name in (tool.name, *tool.aliases):
        assert re.fullmatch(r"[A-Za-z0-9_]{1,64}", name)
    assert len(tool.description) <= 1024
    assert tool.description[0].isupper()
    assert tool.title
    assert tool.scope in ("mcp.read", "mcp.write", "mcp.admin")


@each_tool
def test_the_input_is_one_plain_object(tool: Tool) -> None:
    schema = tool.input_schema
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    assert set(schema.get("required", [])) <= set(schema["properties"])
    assert all(re.fullmatch(r"[A-Za-z0-9_]{1,64}", name) for name in schema["properties"])
    for part in walk(schema):
        assert isinstance(part["type"], str), part
        assert not set(part) & set(COMBINATORS)
        assert part["type"] != "array" or "items" in part
    assert not {"organizationId", "tenantId"} & set(schema["properties"]) or tool.name == "login"


@each_tool
def test_the_output_names_its_properties_with_types(tool: Tool) -> None:
    schema = tool.output_schema
    if tool.forwards:
        assert schema is None, "its answer is that of the tool it stands for"
        return
    assert schema is not None
    assert schema["type"] == "object"
    assert schema["properties"]
    assert set(schema.get("required", [])) <= set(schema["properties"])
    assert not set(schema) & set(COMBINATORS)
    for part in walk(schema):
        assert part.get("type"), part


@each_tool
def test_no_listed_schema_has_a_word_that_some_client_refuses(tool: Tool) -> None:
    """Gemini takes ``enum`` and ``date-time`` as formats of a text, enums of texts only, and refuses the whole list."""
    listed = describe_tool(tool, "2025-11-25")
    for schema in (listed["inputSchema"], listed.get("outputSchema", {"type": "object"})):
        for part in walk(schema):
            assert part.get("format") in (None, "date-time"), part
            assert all(isinstance(value, str) for value in part.get("enum", ())), part
            assert "enum" not in part or part["type"] == "string", part


@each_tool
def test_a_day_says_how_it_is_written(tool: Tool) -> None:
    for typed, shown in zip(walk(tool.typed_schema), walk(tool.input_schema), strict=True):
        assert typed.get("format") != "date" or "YYYY-MM-DD" in shown["description"]


@pytest.mark.parametrize(
    ("name", "arguments", "problem"),
    [
        ("get_task", {"id": "5"}, 'id: "5" is not a "uuid"'),
        ("create_task", {"title": "x", "memberIds": ["5"]}, 'memberIds.0: "5" is not a "uuid"'),
        ("get_expenses", {"startDate": "yesterday"}, 'startDate: "yesterday" is not a "date"'),
        ("create_organization_contact", {"name": "x", "primaryEmail": "x"}, 'primaryEmail: "x" is not a "email"'),
        ("update_employee_profile", {"githubUrl": "x"}, 'githubUrl: "x" is not a "uri"'),
    ],
)
def test_what_is_not_listed_is_checked_all_the_same(name: str, arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidArguments, match=re.escape(problem)):
        accepted(name, arguments)


@each_tool
def test_hints_and_scope_agree(tool: Tool) -> None:
    hints = tool.annotations
    assert not (hints["readOnlyHint"] and hints["destructiveHint"])
    if re.match(r"(get|list|find|search|test|timer_status)", tool.name):
        assert hints["readOnlyHint"]
    if "delete" in tool.name:
        assert hints["destructiveHint"]
    if hints["destructiveHint"] and not tool.forwards:
        assert tool.scope != "mcp.read"


@each_tool
def test_tools_of_gauzy_take_an_organization_that_is_not_listed(tool: Tool) -> None:
    """One call in another organization: for clients without a session, which cannot switch."""
    switches = tool.name == "switch_organization"
    assert tool.takes_organization is (tool.kind == "gauzy" and not switches)
    assert ("organization" in tool.input_schema["properties"]) is switches
    assert ("organization" in tool.argument_schema["properties"]) is (tool.kind == "gauzy")


@each_tool
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_fits_the_schema_is_accepted(tool: Tool, data: st.DataObject) -> None:
    arguments = data.draw(values(tool.typed_schema))
    taken = tool.accept(arguments)
    validators.check(tool, taken)
    assert tool.accept(taken) == taken
    assert tool.accept(json.dumps(arguments)) == taken, "the same as text"


@pytest.mark.parametrize(("toolset", "budget"), [("core", 4_500), ("all", 45_000)])
def test_a_toolset_is_within_its_budget(toolset: str, budget: int, capsys: pytest.CaptureFixture[str]) -> None:
    listed = catalog().listed([toolset])
    shown = sum(map(cost, listed))
    whole = sum(tokens(describe_tool(tool, "2025-11-25")) for tool in listed)
    with capsys.disabled():
        print(f"\n{toolset}: {len(listed)} tools, {shown} of {budget} tokens, {whole} on the wire")
    assert shown <= budget
    assert whole <= 3 * budget


def test_core_is_what_the_design_says() -> None:
    assert [tool.name for tool in catalog().listed(["core"])] == list(CORE)
    assert len(CORE) == 31
