"""Every command of the README does what the README says, in a checkout of one's own, and every address answers."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest

from gauzy_mcp.env.table import BY_NAME
from mcp_tools.onboarding.clients import CLIENTS
from tests.documents.followed import Checkout, checkout
from tests.documents.readme import TEXT, blocks, commands, settings
from tests.packaging.test_the_bundle_serves import started
from tests.peers.environments import InstallFailed
from tests.peers.test_wscat_sends_the_messages_of_the_mission import converse
from tests.processes import ROOT, Stdio
from tests.requirements import absent, need

HTTP, WEBSOCKET = "http://localhost:3001", "ws://localhost:3002"
LIST = '{"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}\n'
BROWSER = {"Accept": "text/html"}
PASSWORD = "a-long-password"


@dataclass(frozen=True)
class Followed:
    checkout: Checkout
    urls: dict[str, str]

    def run(self, command: str, text: str | None = None) -> str:
        return self.checkout.run(self.here(command), text)

    def here(self, text: str) -> str:
        """``text`` with the addresses of this test's server."""
        return text.replace(HTTP, self.urls["HTTP"]).replace(WEBSOCKET, self.urls["WebSocket"])


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    need("node")
    try:
        made = checkout(tmp_path_factory.mktemp("reader"))
    except InstallFailed as error:
        absent("node", str(error))
    with made.serving("make run") as urls:
        yield Followed(made, urls)


Check = Callable[[Followed, str], None]


def prints(*words: str) -> Check:
    def check(reader: Followed, command: str) -> None:
        printed = reader.run(command)
        assert all(word in printed for word in words), printed

    return check


def serves(reader: Followed, command: str) -> None:
    with reader.checkout.serving(command) as urls:
        assert "console" in httpx.get(urls["HTTP"] + "/", headers=BROWSER).text
        assert httpx.get(urls["WebSocket"].replace("ws", "http") + "/healthz").status_code == 200


def lists_tools(reader: Followed, command: str) -> None:
    """On standard output, for a message on standard input."""
    assert len(json.loads(reader.run(command, LIST))["result"]["tools"]) > 20


def converses(reader: Followed, command: str) -> None:
    (told,) = converse(reader.checkout.folder / "node_modules", reader.here(command), blocks("json"))
    assert told["result"]["structuredContent"]["items"]


def runs_its_program(reader: Followed, command: str) -> None:
    (program,) = blocks("python")
    assert "Apollo" in reader.run("python -", reader.here(program))


def tells_a_client(reader: Followed, command: str) -> None:
    """Of all that have a file: what was written there starts a server, from anywhere."""
    assert "--client claude-desktop --write" in command
    for client in ("claude-desktop", "claude-code", "cursor", "vscode", "windsurf"):
        reader.run(command.replace("claude-desktop", client))
    written = [json.loads(path.read_text()) for path in reader.checkout.home.rglob("*.json")]
    entries = [(document.get("mcpServers") or document["servers"])["gauzy"] for document in written]
    assert len(entries) == 5
    for program, arguments in {(entry["command"], tuple(entry["args"])) for entry in entries}:
        with Stdio(command=arguments, program=program) as server:
            assert len(server.ask("tools/list")["result"]["tools"]) > 20
    for client in CLIENTS:
        url = "https://mcp.example.com"
        assert url in reader.run(f"python manage.py config --client {client} --url {url}")


def test_another_python_is_told_of_the_one_that_has_the_packages(reader: Followed) -> None:
    printed = reader.run(f"{sys.base_prefix}/bin/python3 manage.py config --client claude-desktop")
    assert json.loads(printed)["mcpServers"]["gauzy"]["command"] == str(reader.checkout.folder / ".venv/bin/python")


def makes_a_bundle(reader: Followed, command: str) -> None:
    unpacked = reader.checkout.home / "bundle"
    reader.run(command)
    reader.run(f"python -m zipfile -e dist/gauzy-mcp.mcpb {unpacked}")
    arguments, variables = started(unpacked)
    with Stdio(variables, command=arguments) as server:
        assert len(server.ask("tools/list")["result"]["tools"]) > 20


def makes_an_operator(reader: Followed, command: str) -> None:
    asked = {"Username": "ada", "Email": "ada@example.com", "Password: ": PASSWORD, "Password (again): ": PASSWORD}
    reader.checkout.converse(command, asked)
    with httpx.Client(base_url=reader.urls["HTTP"], follow_redirects=True) as browser:
        browser.get("/admin/login/")
        form = {"username": "ada", "password": PASSWORD, "next": "/admin/"}
        form["csrfmiddlewaretoken"] = browser.cookies["csrftoken"]
        page = browser.post("/admin/login/", data=form, headers={"Origin": reader.urls["HTTP"]})
    assert page.url.path == "/admin/" and "Sessions" in page.text


def is_run_by(place: str, words: str = "") -> Check:
    """Too long for here, or what runs this very test: another place runs it."""

    def check(reader: Followed, command: str) -> None:
        assert (words or command) in (ROOT / place).read_text()

    return check


def then(command: str, *words: str) -> Check:
    return lambda reader, before: prints(*words)(reader, f"{before} && {command}")


def is_a_target(reader: Followed, command: str) -> None:
    assert reader.run(f"{command} --dry-run")


CHECKS: dict[str, Check] = {
    "make run": serves,
    "make dev": serves,
    "make doctor": prints("PASS"),
    "source .venv/bin/activate": then("python manage.py tools tokens", "core"),
    "python manage.py config --client claude-desktop --write": tells_a_client,
    "make bundle": makes_a_bundle,
    "uvx --from . gauzy-mcp": is_run_by("tests/packaging/test_the_wheel_serves.py", "``uvx`` install from a checkout"),
    "pip install mcp": runs_its_program,
    "wscat -c ws://localhost:3002/sse": converses,
    "python manage.py runstdio": lists_tools,
    "python manage.py runmcp": lists_tools,
    "python manage.py doctor": prints("PASS"),
    "python manage.py tools list": prints("start_timer"),
    "python manage.py contract --openapi FILE_OR_URL": is_run_by(
        "tests/contract/test_the_command_says_what_differs.py", "contract"
    ),
    "make admin": makes_an_operator,
    "make test": is_run_by(".ci/run"),
    "make lint": is_run_by(".ci/run"),
    "make conformance": is_run_by(".ci/run"),
    "make test-long": is_a_target,
    "make bench": is_a_target,
}  # fmt: skip


BY_PROGRAM = {"curl": prints("start_timer"), "npx": prints("Apollo")}


@pytest.mark.parametrize("command", commands())
def test_a_command_does_what_is_said(reader: Followed, command: str) -> None:
    # The two that are longer than a line.
    check = BY_PROGRAM.get(command.split()[0]) or CHECKS.get(command)
    assert check is not None, "the README has a command that nothing here runs"
    check(reader, command)


@pytest.mark.parametrize("rest", ["show get_tasks", "call get_tasks '{\"limit\": 3}'", "tokens"])
def test_what_a_row_abbreviates_works_as_well(reader: Followed, rest: str) -> None:
    assert f"`{rest}`" in TEXT
    assert reader.run(f"python manage.py tools {rest}")


def test_every_address_of_the_server_answers(reader: Followed) -> None:
    named = [*re.findall(rf"{HTTP}(/[\w/]*)", TEXT), "/healthz", "/readyz", "/metrics", "/api/docs"]
    assert all(f"`{path}`" in TEXT for path in named[-4:])
    for path in {*named} - {"/sse", "/mcp", "/account"}:
        assert httpx.get(reader.urls["HTTP"] + path, headers=BROWSER, follow_redirects=True).status_code == 200, path


def test_what_is_put_into_the_file_of_settings_is_read() -> None:
    assert {line.split("=")[0] for line in settings()} <= set(BY_NAME)
    assert len(settings()) == 3
