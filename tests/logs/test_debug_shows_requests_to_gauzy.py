"""With GAUZY_MCP_DEBUG a request to Gauzy has a line with query and body, its answer one with size and body."""

from __future__ import annotations

import logging
from typing import Any

import httpx
import pytest

from mcp_tools.gauzy.errors import GauzyUnreachable
from mcp_tools.gauzy.pool import ApiSettings, Pool
from mcp_tools.protocol import redaction

LONGEST = 4200


def answering(answer: httpx.Response) -> Pool:
    """A pool whose network is a Gauzy that gives ``answer`` to everything."""
    settings = ApiSettings("http://gauzy.example", 5000)
    return Pool(settings, lambda: httpx.MockTransport(lambda _: answer))


async def sent(pool: Pool, **given: Any) -> None:
    options: dict[str, Any] = {"query": [], "body": None, **given}
    try:
        await pool.send("POST", "/tasks", headers={"Authorization": "Bearer a-secret-bearer"}, seconds=5, **options)
    finally:
        await pool.aclose()


async def test_both_are_shown_without_what_opens_something(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "gauzy_mcp")
    pool = answering(httpx.Response(201, json={"id": "t-1", "token": "s3cret-1", "user": {"hash": "s3cret-2"}}))
    query = [("where[title]", "x"), ("token", "s3cret-3"), ("data", '{"findInput":{"password":"s3cret-4"}}')]
    await sent(pool, query=query, body={"title": "Write", "password": "s3cret-5"})
    request, answer = [record.getMessage() for record in caplog.records if record.name == "gauzy_mcp.gauzy"]
    assert request.startswith("gauzy request POST /api/tasks query=[")
    assert '{"where[title]":"x"}' in request and 'body={"title":"Write","password":"[hidden]"}' in request
    assert answer.startswith("gauzy POST /api/tasks status=201 ms=") and " bytes=" in answer
    assert 'body={"id":"t-1","token":"[hidden]"' in answer
    assert "s3cret" not in request + answer and "a-secret-bearer" not in request + answer


async def test_what_is_long_is_cut(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "gauzy_mcp")
    rows = [{"title": "x" * 100}] * 200
    await sent(answering(httpx.Response(200, json=rows)), query=[("q", "y" * 9000)], body=rows)
    for record in caplog.records:
        assert len(record.getMessage()) < 3 * LONGEST
    assert "characters)" in caplog.text


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"", "(none)"),
        (b"<h1>Bad gateway</h1>\n", "(not JSON, 21 bytes) <h1>Bad gateway</h1>"),
        (b"password=s3cret", "(not JSON, 15 bytes) password=[hidden]"),
        (b"%PDF-1.4\xff\xfe\x00", "(11 bytes)"),
        (b'"' + b"x" * 1_100_000 + b'"', "(1100002 bytes)"),
    ],
    ids=["nothing", "a page", "a form", "a file", "more than is looked at"],
)
def test_a_body_that_is_no_json_is_named_by_its_size(body: bytes, shown: str) -> None:
    assert redaction.shown_body(body).strip() == shown


async def test_an_answer_that_never_came_is_shown_as_such(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "gauzy_mcp")
    with pytest.raises(GauzyUnreachable):
        await sent(Pool(ApiSettings("http://127.0.0.1:9", 5000)))
    assert "gauzy POST /api/tasks status=failed ms=" in caplog.text


async def test_without_debug_nothing_is_prepared(caplog: pytest.LogCaptureFixture, monkeypatch: Any) -> None:
    caplog.set_level(logging.INFO, "gauzy_mcp")

    def prepared(*_: Any) -> str:
        raise AssertionError("prepared for a line that nobody reads")

    for name in ("shown", "shown_query", "shown_body"):
        monkeypatch.setattr(redaction, name, prepared)
    await sent(answering(httpx.Response(200, json={})), body={"title": "x"})
    assert not caplog.records
