from __future__ import annotations

import logging
from pathlib import Path

import pytest

from mcp_tools.sandbox.application import MAX_BODY, Sandbox
from tests.sandbox.client import OWNER, WHERE, Caller, signed_in
from tests.sandbox.conftest import KEY


@pytest.mark.parametrize(("body", "message"), [
    ('{"title":', "Unexpected end of JSON input"),
    ("{nope}", "Unexpected token in JSON at position 1"),
])  # fmt: skip
async def test_text_that_is_no_json_is_a_400(sandbox: Sandbox, body: str, message: str) -> None:
    answer = await (await signed_in(sandbox)).ask("POST", "/tasks", body=body)
    assert (answer.status, answer.body["message"]) == (400, message)


@pytest.mark.parametrize("body", ["[]", "1", '"text"', "null", "true"])
async def test_json_that_is_no_object_lacks_everything(sandbox: Sandbox, body: str) -> None:
    answer = await (await signed_in(sandbox)).ask("POST", "/tasks", body=body)
    assert answer.status == 400
    assert "organizationId must be a UUID" in answer.body["message"]


@pytest.mark.parametrize("pair", [
    ("take", "x"), ("skip", "-1"), ("take", "1.5"), ("where", "text"), ("where[title][a][b]", "1"), ("order", "x"),
    ("where[title]", ""), ("relations", "project"), ("where[members]", "x"), ("where[members][nope]", "x"),
    ("select[nope]", "true"), ("order[members]", "ASC"), ("[]", "x"), ("where[status][0]", "open"),
])  # fmt: skip
async def test_an_odd_query_never_fails_the_sandbox(sandbox: Sandbox, pair: tuple[str, str]) -> None:
    caller = await signed_in(sandbox)
    for path in ("/tasks", "/tasks/pagination", "/employee/pagination", "/daily-plan/me", "/organization-contact"):
        answer = await caller.ask("GET", path, [*WHERE, pair])
        assert answer.status in (200, 400), (path, answer.body)


@pytest.mark.parametrize("body", [
    {"members": "x"}, {"members": [1]}, {"members": [{}]}, {"title": 5}, {"estimate": "x"}, {"projectId": "x"},
    {"projectId": 5}, {"tags": {"id": "x"}},
])  # fmt: skip
async def test_an_odd_body_never_fails_the_sandbox(sandbox: Sandbox, body: dict[str, object]) -> None:
    caller = await signed_in(sandbox)
    answer = await caller.ask("POST", "/tasks", body={**OWNER, "title": "x", "status": "open", **body})
    assert answer.status in (202, 400), answer.body


async def test_an_unknown_route_is_told_with_its_query(sandbox: Sandbox) -> None:
    for path in ("/nope", "/tasks/a/b/c", ""):
        answer = await Caller(sandbox).ask("PATCH", path, [("a", "1")])
        assert (answer.status, answer.body["message"]) == (404, f"Cannot PATCH /api{path}?a=1")


async def test_a_body_without_end_is_refused(sandbox: Sandbox) -> None:
    answer = await (await signed_in(sandbox)).ask("POST", "/tasks", body=" " * (MAX_BODY + 1))
    assert answer.status == 413


async def test_a_broken_file_is_logged_and_answered_500(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "sandbox.sqlite3"
    file.write_bytes(b"this is no database, and longer than a header of one would be" * 100)
    sandbox = Sandbox(file, KEY)
    with caplog.at_level(logging.ERROR, logger="gauzy_mcp.sandbox"):
        answer = await Caller(sandbox).get("/user/me")
    assert (answer.status, answer.body) == (500, {"statusCode": 500, "message": "Internal server error"})
    assert "the sandbox failed at GET /api/user/me" in caplog.text
