"""The last precaution: whatever a line of log says, a credential in it is hidden, in both formats and in tracebacks."""

from __future__ import annotations

import json
import logging
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gauzy_mcp.logs import ConsoleLines, JsonLines
from mcp_tools.protocol import attribution

SECRET = st.text(string.ascii_letters + string.digits + "-_.~", min_size=8, max_size=60).map("Zq".__add__)
AROUND = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
FORMS = [
    "Authorization: Bearer {}",
    "bearer {}",
    "Basic {}",
    "password={}",
    '"password": "{}"',
    "{{'refresh_token': '{}'}}",
    "access_token={}&x=1",
    "client_secret={}",
    "Cookie: {}",
    "api_key = {}",
    "redis://:{}@redis.example.com:6379/0",
    "postgresql://gauzy:{}@db.example.com/gauzy",
    "rediss://gauzy:{}@@redis.example.com/0",
    "MCP_SECRET_KEY={}",
    "x-api-key: {}",
    "Mcp-Session-Id: {}",
    "DELETE /sse/session/{}",
    "GET /callback?code={}&state=1",
    "(b'authorization', b'Digest {}')",
    "(b'cookie', b'sessionid={}')",
    '{{\\"password\\": \\"{}\\"}}',
    "password='it\\'s {}'",
    'client_secret="cut off {}',
    "eyJhbGciOiJSUzI1NiJ9.{}.sig",
    "gauzy_mcp_pat_{}",
    "gauzy_mcp_rt_{}",
]


def line(text: str, error: Exception | None = None) -> list[str]:
    """What is written, in both formats."""
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("gauzy_mcp.test", logging.INFO, __file__, 1, "%s", (text,), info)
    return [form.format(record) for form in (ConsoleLines(), JsonLines())]


@pytest.mark.parametrize("form", FORMS)
@given(before=AROUND, after=AROUND, secret=SECRET)
def test_a_planted_secret_is_hidden(form: str, before: str, after: str, secret: str) -> None:
    for written in line(f"{before} {form.format(secret)} {after}"):
        assert secret not in written


def test_a_traceback_hides_them_too() -> None:
    try:
        raise ValueError("password=correct-horse-battery")
    except ValueError as error:
        written = line("it failed", error)
    assert all("ValueError" in one and "correct-horse" not in one for one in written)


@pytest.mark.parametrize(
    "harmless",
    [
        "call tool=get_projects outcome=ok ms=12 transport=http session=4f2a principal=alice",
        "token accepted issuer=https://auth.example.com subject=alice client=claude scopes=mcp.read",
        "MCP_SECRET_KEY is missing; the token could not be checked",
        "keys of https://auth.example.com/jwks: k1, k2",
        "http://localhost:3001/mcp answers 200",
    ],
)
def test_what_operators_need_stays(harmless: str) -> None:
    console, as_json = line(harmless)
    assert harmless in console
    assert json.loads(as_json)["message"] == harmless


def test_extra_fields_are_told_and_hidden_alike() -> None:
    extra = {"route": "/mcp", "status_code": 404, "detail": "token=abcdefgh", "password": "abcdefgh"}
    told = json.loads(JsonLines().format(logging.makeLogRecord({"msg": "x", **extra})))
    assert told["route"] == "/mcp" and told["status_code"] == 404
    assert told["detail"] == "token=[hidden]" and told["password"] == "[hidden]"


def test_no_extra_field_passes_for_one_of_the_line() -> None:
    forged = {"msg": "x", "levelname": "INFO", "level": "forged", "request": "forged"}
    told = json.loads(JsonLines().format(logging.makeLogRecord(forged)))
    assert told["level"] == "info" and "request" not in told


def test_one_record_is_one_line() -> None:
    assert len(line("one\ntwo")[1].splitlines()) == 1


@pytest.mark.parametrize("trigger", ["mallory cookie: ", "authorization=", "x password="])
def test_a_caller_hides_neither_the_request_nor_the_session_of_its_line(trigger: str) -> None:
    with attribution.message("4f2a", trigger):
        request = attribution.current().request
        console, as_json = line(f"token accepted subject={trigger}")
    assert f" request={request} session=4f2a principal=" in console
    assert [json.loads(as_json)[name] for name in ("request", "session")] == [request, "4f2a"]
