"""``Daphne-Root-Path`` would move paths away from the rules that guard them; only configuration says where we are."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from mcp_tools.dispatch.rate_limiter import LOGINS
from tests.operations.servers import serving
from tests.operations.sockets import ask, socket
from tests.processes import server

MOVED = {"Daphne-Root-Path": "/x"}
LIMITED = {"THROTTLE_ENABLED": "true", "THROTTLE_LIMIT": "1000"}


@pytest.fixture(scope="module")
def daphne(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving("daphne", tmp_path_factory.mktemp("home"), LIMITED) as base_url:
        yield base_url


def guesses(http: httpx.Client, path: str, headers: dict[str, str]) -> list[int]:
    """The statuses of one sign-in more than may fail at the admin."""
    token = re.search(r'value="(\w{64})"', http.get("/admin/login/").text)
    assert token is not None
    form = {"username": "operator", "password": "wrong", "csrfmiddlewaretoken": token[1]}
    sent = {"Referer": str(http.base_url), **headers}
    return [http.post(path, data=form, headers=sent).status_code for _ in range(LOGINS + 1)]


@pytest.mark.parametrize("path", ["/admin/login/", "/x/admin/login/"])
def test_sign_ins_at_the_admin_are_counted(daphne: str, path: str) -> None:
    with httpx.Client(base_url=daphne, timeout=30) as http:
        statuses = guesses(http, path, MOVED)
    assert statuses[-1] in (404, 429)
    assert statuses.count(200) <= LOGINS


def test_session_rest_refuses_a_foreign_origin(daphne: str) -> None:
    foreign = {**MOVED, "Origin": "https://evil.example"}
    assert httpx.post(f"{daphne}/sse/session", headers=foreign).status_code == 403
    assert httpx.post(f"{daphne}/x/sse/session", headers=foreign).status_code == 404


def test_no_other_path_leads_to_what_is_for_machines_inside(daphne: str) -> None:
    for place in ("metrics", "readyz", "healthz"):
        assert httpx.get(f"{daphne}/x/{place}", headers=MOVED).status_code == 404, place
        assert httpx.get(f"{daphne}/{place}/").status_code == 404, place


def test_no_value_of_the_header_is_an_error(daphne: str) -> None:
    for value in (b"\xff", b"/%ff", b"", b"/x" * 2000):
        for path in ("/healthz", "/admin/login/"):
            answer = httpx.get(daphne + path, headers=[(b"Daphne-Root-Path", value)])
            assert answer.status_code == 200, (value[:8], path)
            assert b'action="/x' not in answer.content
    with socket(daphne.replace("http", "ws"), additional_headers=MOVED) as opened:
        assert ask(opened, "ping")["result"] == {}


def test_below_a_configured_path_the_rules_hold_and_the_path_counts_once() -> None:
    below = {**LIMITED, "MCP_TRANSPORT": "http", "MCP_AUTH_RESOURCE_URI": "http://localhost/gauzy/mcp"}
    with server(below) as running, httpx.Client(base_url=running.http, timeout=30) as http:
        assert http.get("/gauzy/gauzy/metrics").status_code == 404
        assert http.get("/gauzy/admin/").headers["Location"] == "/gauzy/admin/login/?next=/gauzy/admin/"
        assert guesses(http, "/gauzy/admin/login/", {})[-1] == 429
        assert guesses(http, "/gauzy/gauzy/admin/login/", {})[-1] in (404, 429)
