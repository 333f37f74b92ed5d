"""``manage.py tools``: what an operator sees of the catalogue."""

from __future__ import annotations

import json

from mcp_tools.catalog.domains import CORE, catalog
from tests.commands.run import manage


def test_the_list_has_every_tool_of_a_toolset() -> None:
    core = manage("tools", "list", "--toolset", "core").stdout.splitlines()
    assert {line.split()[0] for line in core} == set(CORE)
    every = manage("tools", "list").stdout.splitlines()
    assert {line.split()[0] for line in every} == {tool.name for tool in catalog() if tool.listed}


def test_an_unknown_toolset_or_tool_is_told_with_what_there_is() -> None:
    wrong = manage("tools", "list", "--toolset", "tsks")
    assert wrong.returncode == 1 and "tsks" in wrong.stderr and "tasks" in wrong.stderr
    nothing = manage("tools", "show", "start_timr")
    assert nothing.returncode == 1 and "start_timr" in nothing.stderr and "tools list" in nothing.stderr


def test_a_tool_is_shown_whole() -> None:
    shown = json.loads(manage("tools", "show", "get_active_timer").stdout)
    assert shown["name"] == "timer_status" and shown["aliases"] == ["get_active_timer"]
    assert shown["scope"] == "mcp.read" and shown["inputSchema"]["type"] == "object" and shown["outputSchema"]


def test_a_call_prints_the_answer_and_ends_with_success() -> None:
    called = manage("tools", "call", "get_projects", '{"limit": 1, "fields": ["name"]}')
    assert called.returncode == 0, called.stderr
    assert json.loads(called.stdout)["items"][0]["name"]


def test_a_call_that_fails_says_why_and_ends_with_failure() -> None:
    refused = manage("tools", "call", "get_projects", '{"limit": 100000}')
    assert refused.returncode == 1 and "limit" in refused.stdout
    garbled = manage("tools", "call", "get_projects", "{limit}")
    assert garbled.returncode == 1 and "JSON object" in garbled.stderr


def test_the_budget_of_every_toolset_is_printed() -> None:
    lines = manage("tools", "tokens").stdout.splitlines()
    assert lines[0].split()[0] == "core" and lines[1].split()[0] == "all"
    assert int(lines[0].split()[3]) <= 4_500 and int(lines[1].split()[3]) <= 45_000
