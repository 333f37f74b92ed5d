"""A password of any type, right or wrong, is in no answer, question, log line or record."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcp_tools.catalog import write_only
from mcp_tools.catalog.domains import catalog
from mcp_tools.catalog.linking import link_account
from mcp_tools.catalog.tool import Tool
from mcp_tools.dispatch.arguments import InvalidArguments, Validators
from mcp_tools.dispatch.call_records import keepable
from mcp_tools.operations.contract.examples import value
from mcp_tools.protocol import redaction
from tests.dispatch.talk import Client, talking

MARK: Final = "987654321"
SECRETS: Final = st.recursive(
    st.sampled_from([MARK, float(f"{MARK}.5"), f'["{MARK}"]', f'{{"x": "{MARK}"}}', f"{MARK}" * 20, f"\n{MARK}"]),
    lambda inner: st.lists(inner, min_size=1, max_size=2) | st.fixed_dictionaries({"x": inner}),
    max_leaves=3,
)
TOOLS: Final = [tool for tool in catalog() if write_only.holds(tool.argument_schema)]
NOBODY: Final = "00000000-0000-4000-8000-000000000000"


def filled(schema: Mapping[str, Any], one: Any, secret: Any) -> Any:
    """``one`` with ``secret`` wherever the schema says writeOnly."""
    if isinstance(one, dict):
        parts = schema.get("properties", {})
        return {
            name: secret if parts[name].get("writeOnly") else filled(parts[name], item, secret)
            for name, item in one.items()
        }
    return [filled(schema["items"], item, secret) for item in one] if isinstance(one, list) else one


def calls(tool: Tool, secret: Any) -> Iterator[tuple[str, Any]]:
    """With the secret at its place."""
    whole = value("", {**tool.argument_schema, "required": [*tool.properties]}, lambda name: NOBODY)
    arguments = filled(tool.argument_schema, whole, secret)
    yield tool.name, arguments
    if tool.each:
        yield tool.name, {tool.each: arguments[tool.each] * 51}
    yield tool.name, {"data": arguments, tool.wrapper or "nothing": json.dumps(arguments)}
    yield "call_tool", {"name": tool.name, "arguments": arguments}
    yield "call_tool", {"name": tool.name, "arguments": [arguments]}


def misplaced(tool: Tool, secret: Any) -> Iterator[tuple[str, Any]]:
    """Where no name says that it is one: an answer must not repeat it, the line of the request will."""
    if tool.each:
        yield tool.name, {tool.each: secret}
    yield "call_tool", {"name": tool.name, "arguments": [secret]}
    yield "call_tool", {"name": {"x": secret}}


def test_the_tools_that_take_a_secret_are_known() -> None:
    assert {tool.name for tool in TOOLS} == {"login", "create_employee", "bulk_create_employees", "create_candidate"}


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    async with talking(tmp_path, MCP_CONFIRM_DESTRUCTIVE="never") as one:
        yield one


@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(secret=SECRETS)
async def test_no_answer_and_no_line_of_log(client: Client, caplog: Any, secret: Any) -> None:
    caplog.clear()
    with caplog.at_level(logging.DEBUG, "gauzy_mcp"):
        for tool in TOOLS:
            for name, arguments in calls(tool, secret):
                told = await client.ask("tools/call", {"name": name, "arguments": arguments})
                assert MARK not in json.dumps(told), (name, arguments)
    assert any("call tool=login" in record.getMessage() for record in caplog.records)
    assert [line for line in map(redacted_line, caplog.records) if MARK in line] == []


@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(secret=SECRETS)
async def test_no_answer_to_a_secret_that_is_misplaced(client: Client, secret: Any) -> None:
    for tool in TOOLS:
        for name, arguments in misplaced(tool, secret):
            told = await client.ask("tools/call", {"name": name, "arguments": arguments})
            assert MARK not in json.dumps(told), (name, arguments)


def redacted_line(record: logging.LogRecord) -> str:
    """A line as the log's formatter lets it out."""
    return redaction.masked(record.getMessage())


@pytest.mark.parametrize("code", [[MARK], {"x": MARK}, "1", MARK * 9, 987654321.5, True])
def test_the_code_of_a_link_page(code: Any) -> None:
    tool = link_account(linking=None)  # type: ignore[arg-type]
    with pytest.raises(InvalidArguments) as refused:
        Validators().check(tool, tool.accept({"code": code}))
    assert MARK not in str(refused.value) and "code: what was sent" in str(refused.value)
    line = redaction.shown({"name": tool.name, "arguments": {"code": code}})
    assert MARK not in line


def test_a_record_keeps_no_secret_at_any_depth() -> None:
    bulk = catalog().find("bulk_create_employees")
    assert bulk is not None
    given = {"employees": [{"firstName": "Ada", "password": [MARK]}]}
    assert keepable(bulk, given) == {"employees": [{"firstName": "Ada"}]}


def test_other_problems_still_show_what_was_sent() -> None:
    tool = catalog().find("create_employee")
    assert tool is not None
    with pytest.raises(InvalidArguments, match='email: "nonsense" is not a "email"'):
        Validators().check(tool, tool.accept({"email": "nonsense", "password": MARK}))
