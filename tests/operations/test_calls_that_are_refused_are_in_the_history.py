"""Calls of unknown tools and refused calls too, with the digest of the arguments that were really sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.operations.conftest import Place
from tests.operations.places import History
from tests.processes import server
from tests.transports.calls import post


@pytest.fixture(scope="module")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("refused")
    with server({"MCP_TRANSPORT": "http", "MCP_KEEP_ARGUMENTS": "true"}, str(home)) as running:
        yield Place(running, History(home), home)


def recorded(place: Place, *calls: tuple[str, Any]) -> list[dict[str, Any]]:
    """What the history has of calls that were made now."""
    before = len(place.history.calls())
    with httpx.Client(base_url=place.server.http, timeout=30) as http:
        for name, arguments in calls:
            post(http, "tools/call", {"name": name, "arguments": arguments})
    found = place.history.until(place.history.calls, lambda rows: len(rows) == before + len(calls))
    return [dict(row) for row in found[before:]]


def test_an_unknown_tool_is_there_by_the_name_that_was_sent(keeping: Place) -> None:
    one, long = recorded(keeping, ("no_such_tool", {"a": 1}), ("x" * 500, {}))
    assert (one["tool"], one["outcome"]) == ("no_such_tool", "error")
    assert long["tool"] == "x" * 64
    metrics = httpx.get(f"{keeping.server.http}/metrics").text
    assert "no_such_tool" not in metrics
    assert "mcp_server_operations_running 0.0" in metrics


def test_a_refused_call_has_the_digest_of_what_was_sent(keeping: Place) -> None:
    bogus, again, other, empty, text = recorded(
        keeping,
        ("get_projects", {"bogus": 1}),
        ("get_projects", {"bogus": 1}),
        ("get_projects", {"bogus": 2}),
        ("get_project", {}),
        ("get_projects", "not an object"),
    )
    assert {row["outcome"] for row in (bogus, again, other, empty, text)} == {"error"}
    assert bogus["digest"] == again["digest"]
    assert len({row["digest"] for row in (bogus, other, empty, text)}) == 4


def test_a_call_refused_through_call_tool_is_that_of_the_tool(keeping: Place) -> None:
    direct, forwarded = recorded(
        keeping,
        ("get_projects", {"bogus": 1}),
        ("call_tool", {"name": "get_projects", "arguments": {"bogus": 1}}),
    )
    assert (forwarded["tool"], forwarded["digest"]) == ("get_projects", direct["digest"])


def test_no_value_under_an_unknown_name_is_kept(keeping: Place) -> None:
    row, unknown = recorded(
        keeping,
        ("login", {"email": "emma@example.com", "pasword": "a-mistyped-secret", "password": "a-right-secret"}),
        ("logn", {"passwd": "a-secret-of-no-tool", "email": "a-value-of-no-tool"}),
    )
    assert json.loads(row["arguments"]) == {
        "email": "emma@example.com", "pasword": "[hidden]", "password": "[hidden]",
    }  # fmt: skip
    assert json.loads(unknown["arguments"]) == {"passwd": "[hidden]", "email": "[hidden]"}
    stored = b"".join(file.read_bytes() for file in keeping.home.glob("gauzy-mcp.sqlite3*"))
    for value in (b"a-mistyped-secret", b"a-right-secret", b"a-secret-of-no-tool", b"a-value-of-no-tool"):
        assert value not in stored


def test_a_refused_call_counts_with_its_visit(keeping: Place) -> None:
    recorded(keeping, ("no_such_tool", {}))
    rows = keeping.history.until(
        lambda: [row for row in keeping.history.sessions() if row["errors"]], lambda found: found
    )
    assert all(row["in_flight"] == 0 and row["errors"] <= row["calls"] for row in rows)


def test_nothing_is_kept_of_arguments_that_came_as_json_text(keeping: Place) -> None:
    inside = json.dumps({"email": "emma@example.com", "password": "a-secret-in-text"})
    row, nested = recorded(
        keeping,
        ("call_tool", {"name": "login", "arguments": inside, "bogus": 1}),
        ("call_tool", {"name": "no_such_tool", "arguments": {"pasword": "a-nested-secret"}}),
    )
    assert json.loads(row["arguments"])["arguments"] == "[hidden]"
    assert json.loads(nested["arguments"])["arguments"] == {"pasword": "[hidden]"}
    stored = b"".join(file.read_bytes() for file in keeping.home.glob("gauzy-mcp.sqlite3*"))
    assert b"a-secret-in-text" not in stored and b"a-nested-secret" not in stored
