from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, StorageState, ViewportSize, expect

from tests.browser.chromium import Watched, launched, watched
from tests.oauth.knocking import call, opened
from tests.oauth.peer import free_port
from tests.oauth.server.places import base_of, embedded
from tests.oauth.stand_in import StandIn, stand_in
from tests.operations.operators import FIRST_OPERATOR, NAME, PASSWORD
from tests.operations.places import History
from tests.operations.sockets import initialize, name_of, socket
from tests.processes import Server, server
from tests.sessions.client import Client

PATIENCE_MILLISECONDS = 10_000
CALLS = 6
FAILED = 2


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # Not for the session: Playwright's loop would be in the way of tests elsewhere that run one of their own.
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with launched() as opened:
        yield opened


@pytest.fixture(scope="session")
def inside() -> Iterator[str]:
    """The address of a server that is its own authorization server."""
    with embedded(MCP_TRANSPORT="http") as running:
        yield base_of(running)
    assert "Traceback" not in running.logged(), running.logged()


@dataclass(frozen=True)
class Linking:
    """A server whose callers have accounts of their own, at the address that it tells them."""

    address: str
    client: httpx.Client
    issuer: StandIn

    def token(self, person: str) -> str:
        return self.issuer.token(sub=person, aud=self.address)

    def call(self, token: str, name: str, arguments: dict[str, Any] | None = None) -> Any:
        return call(self.client, token, name, arguments)


@pytest.fixture(scope="session")
def linking() -> Iterator[Linking]:
    with stand_in() as issuer:
        address = f"http://127.0.0.1:{free_port()}"
        own = {
            "MCP_AUTH_RESOURCE_URI": address, "MCP_HTTP_PORT": address.rpartition(":")[2], "MCP_TRANSPORT": "http",
            "GAUZY_IDENTITY_MODE": "per_user",
        }  # fmt: skip
        with opened(issuer.environment(**own)) as (_, client):
            yield Linking(address, client, issuer)


@dataclass(frozen=True)
class Scene:
    """A server with some history: one signed-in HTTP session that made ``CALLS`` calls, and others."""

    server: Server
    history: History
    client: Client
    uid: str


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    home = tmp_path_factory.mktemp("home")
    with server(FIRST_OPERATOR, str(home)) as running, httpx.Client(timeout=30) as http:
        client = Client.opened_at(http, running)
        uid = client.call(running, "get_session_info")["session"]
        client.call(running, "login", email="demo@gauzy.local", password="demo")
        for _ in range(CALLS - FAILED - 2):
            client.call(running, "get_projects", limit=2)
        for _ in range(FAILED):
            client.ask(running, "tools/call", {"name": "get_project", "arguments": {"id": "x"}})
        history = History(home)
        history.session(uid, calls=CALLS, errors=FAILED)
        yield Scene(running, history, client, uid)


@pytest.fixture
def idle(scene: Scene) -> Iterator[str]:
    """The name of a session with an open socket."""
    with socket(scene.server.ws) as opened:
        initialize(opened)
        name = name_of(opened)
        scene.history.session(name, calls=1)
        yield name


def sign_in(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_selector("#numbers")


@pytest.fixture(scope="package")
def operator(browser: Browser, scene: Scene) -> StorageState:
    """What a browser keeps of an operator who is signed in."""
    with watched(browser, scene.server.http) as opened:
        sign_in(opened.page)
        return opened.page.context.storage_state()


def at_work(browser: Browser, scene: Scene, viewport: ViewportSize, operator: StorageState) -> Iterator[Watched]:
    """The admin of an operator who is signed in, whose pages never complain or ask anybody else for anything."""
    with watched(browser, scene.server.http, viewport, storage_state=operator) as opened:
        opened.page.goto("/admin/")
        opened.page.wait_for_selector("#numbers")
        yield opened
        opened.page.wait_for_load_state("networkidle")
        assert opened.complaints == []
