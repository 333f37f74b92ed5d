"""What the address of the server answers to whom, and what its page may do."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from mcp_tools.console.views import policy
from tests.processes import server

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with server({"MCP_TRANSPORT": "http"}) as running, httpx.Client(base_url=running.http, timeout=30) as client:
        yield client


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/*", ""])
def test_programs_get_json(http: httpx.Client, accept: str) -> None:
    answer = http.get("/", headers={"Accept": accept})
    assert answer.json()["endpoints"]["mcp"] == "/mcp"
    assert answer.headers["Vary"] == "Accept"


def test_browsers_get_the_page_which_runs_nothing_but_its_own_files(http: httpx.Client) -> None:
    answer = http.get("/", headers=BROWSER)
    directives = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    host = http.base_url.netloc.decode()
    assert directives == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": f"'self' ws://{host} wss://{host}",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    for inline in ("<style", " style=", "onclick", "<script>"):
        assert inline not in answer.text


def test_an_authorization_server_elsewhere_may_be_asked_for_tokens() -> None:
    shown = policy("mcp.example.com", ["https://auth.example.com/realms/gauzy", "https://mcp.example.com"])
    assert "wss://mcp.example.com https://auth.example.com https://mcp.example.com;" in shown


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("https://{host}/gauzy", "https://{host}/gauzy/mcp"),
        ("https://evil.example", "http://{host}/mcp"),
        ("https://{host}@evil.example", "http://{host}/mcp"),
        ('http://{host}/"; rm -rf ~', "http://{host}/mcp"),
        ("", "http://{host}/mcp"),
    ],
)
def test_clients_are_told_where_the_page_is_on_its_own_host(http: httpx.Client, told: str, shown: str) -> None:
    host = http.base_url.netloc.decode()
    clients = http.get("/console/facts", params={"at": told.format(host=host)}).json()["clients"]
    snippets = {client["client"]: client["snippet"] for client in clients}
    assert snippets["chatgpt"] == shown.format(host=host)
    assert "evil" not in str(clients)


def test_a_page_of_this_host_may_call_and_another_of_its_network_may_not(http: httpx.Client) -> None:
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    host = http.base_url.netloc.decode()
    statuses = {
        origin: http.post("/mcp", json=ping, headers={"Origin": origin}).status_code
        for origin in (f"http://{host}", f"http://{host}.evil.example", "http://127.0.0.1:1", "https://evil.example")
    }
    assert list(statuses.values()) == [200, 403, 403, 403]


def test_a_name_that_leads_here_without_being_ours_is_no_page_of_this_host(http: httpx.Client) -> None:
    rebound = {"Host": "evil.example", "Origin": "http://evil.example"}
    assert http.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "ping"}, headers=rebound).status_code == 403


@pytest.mark.parametrize("path", ["/", "/console/facts", "/admin/", "/api/docs", "/sse/session"])
def test_a_name_that_is_not_known_is_told_with_its_variable(http: httpx.Client, path: str) -> None:
    answer = http.get(path, headers={**BROWSER, "Host": "mcp.example.com"})
    assert answer.status_code == 403
    assert answer.json()["error"]["message"].endswith("Add the name to MCP_ALLOWED_HOSTS.")


def test_the_console_can_be_switched_off() -> None:
    with server({"MCP_TRANSPORT": "http", "MCP_CONSOLE": "false"}) as running:
        answer = httpx.get(running.http, headers=BROWSER)
        assert answer.json()["status"] == "running"
        assert httpx.get(f"{running.http}/console/facts").status_code == 404
