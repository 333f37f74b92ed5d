"""A digest of every call is kept; the arguments themselves only where MCP_KEEP_ARGUMENTS says so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations.conftest import Place
from tests.operations.places import History
from tests.processes import server
from tests.transports.calls import client, tool

PASSWORDS = ("not-the-right-password-1", "not-the-right-password-2")


@pytest.fixture(scope="module")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("keeping")
    with server({"MCP_KEEP_ARGUMENTS": "true", "MCP_TRANSPORT": "http"}, str(home)) as running:
        yield Place(running, History(home), home)


def calls_of(place: Place, name: str, arguments: list[dict[str, object]]) -> list[dict[str, object]]:
    """What is kept of calls of one tool with each of ``arguments``."""
    before = len(place.history.calls())
    with client(place.server.http) as http:
        for one in arguments:
            tool(http, name, one)
    found = place.history.until(place.history.calls, lambda calls: len(calls) == before + len(arguments))
    return [dict(call) for call in found[before:]]


def test_without_it_there_is_a_digest_and_nothing_else(place: Place) -> None:
    same, again, other = calls_of(place, "get_projects", [{"limit": 1}, {"limit": 1}, {"limit": 2}])
    assert same["digest"] == again["digest"] != other["digest"]
    assert {call["arguments"] for call in (same, again, other)} == {None}


def test_the_digest_cannot_be_tried_without_the_key(place: Place, keeping: Place) -> None:
    here, there = (
        calls_of(place, "get_projects", [{"limit": 1}])[0],
        calls_of(keeping, "get_projects", [{"limit": 1}])[0],
    )
    assert here["digest"] != there["digest"]
    assert hashlib.sha256(b'{"limit":1}').hexdigest() not in (here["digest"], there["digest"])


def test_with_it_the_arguments_are_there(keeping: Place) -> None:
    (call,) = calls_of(keeping, "get_projects", [{"limit": 3}])
    assert json.loads(str(call["arguments"])) == {"limit": 3}


def test_a_password_is_in_neither(keeping: Place) -> None:
    arguments: list[dict[str, object]] = [{"email": "emma@example.com", "password": one} for one in PASSWORDS]
    arguments += [{"name": "login", "arguments": one} for one in arguments]
    plain = calls_of(keeping, "login", arguments[:2])
    forwarded = calls_of(keeping, "call_tool", arguments[2:])
    assert len({call["digest"] for call in (*plain, *forwarded)}) == 1
    assert [json.loads(str(call["arguments"])) for call in (*plain, *forwarded)] == [{"email": "emma@example.com"}] * 4
    assert not found_in(keeping.home, PASSWORDS)
    assert not any(password in keeping.server.logged() for password in PASSWORDS)


def test_what_is_called_like_a_secret_is_hidden_however_deep(keeping: Place) -> None:
    deep = {"name": "get_projects", "arguments": {"limit": 1, "where": {"api_key": "a-deep-secret", "x": 1}}}
    calls_of(keeping, "call_tool", [deep])
    assert not found_in(keeping.home, ("a-deep-secret",))


def test_long_arguments_are_kept_by_their_length(keeping: Place) -> None:
    (call,) = calls_of(keeping, "search_tools", [{"query": "x" * 100_000}])
    assert "x" * 1000 not in str(call["arguments"])


def found_in(home: Path, secrets: tuple[str, ...]) -> list[str]:
    stored = b"".join(file.read_bytes() for file in home.glob("gauzy-mcp.sqlite3*"))
    return [secret for secret in secrets if secret.encode() in stored]
