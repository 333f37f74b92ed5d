from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import ViewportSize

from tests.browser.chromium import Watched, chromium
from tests.operations.operators import FIRST_OPERATOR, NAME, PASSWORD
from tests.operations.places import History
from tests.operations.sockets import initialize, name_of, socket
from tests.processes import Server, server
from tests.sessions.client import Client

CALLS = 6
FAILED = 2


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


def sign_in(watched: Watched) -> None:
    page = watched.page
    page.goto("/admin/")
    page.get_by_label("Username").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_selector("#numbers")


def opened(scene: Scene, viewport: ViewportSize) -> Iterator[Watched]:
    """A browser whose operator is signed in, and whose pages never complained or asked anybody else for anything."""
    with chromium(scene.server.http, viewport) as watched:
        sign_in(watched)
        yield watched
        watched.page.wait_for_load_state("networkidle")
        assert watched.complaints == []


def screenshot(watched: Watched, name: str, folder: Path) -> None:
    watched.page.screenshot(path=folder / f"{name}.png", full_page=True)
