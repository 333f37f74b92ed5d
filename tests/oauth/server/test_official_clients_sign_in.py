"""The official clients at the embedded server: discovery, registration, sign-in, a call, a refresh, a step up."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from mcp.client import Client
from mcp.client.auth import AuthorizationCodeResult, OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import OAuthClientMetadata

from tests.oauth.peer import free_port
from tests.oauth.server.attended import attended
from tests.oauth.server.inspecting import Inspector, inspector
from tests.oauth.server.person import Person, redirected
from tests.oauth.server.places import base_of, embedded
from tests.oauth.test_official_clients_find_their_way import CALLBACK, Kept, Remote, spoil_access_tokens
from tests.oauth.test_official_clients_find_their_way import remote as connected
from tests.peers.environments import InstallFailed, node_modules
from tests.peers.official import LEGACY, STATELESS
from tests.processes import Server
from tests.requirements import absent, need

DRIVER = Path(__file__).with_name("sdk_client.cjs")


@pytest.fixture(scope="module")
def place() -> Iterator[Server]:
    """A server whose clients are told to ask for reading alone, so that changing something makes them step up."""
    with embedded(MCP_AUTH_CHALLENGE_SCOPES="mcp.read") as running:
        yield running
    assert "Traceback" not in running.logged(), running.logged()


class Browser:
    """Opens what a client asks for, and allows it."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.visits: list[str] = []

    async def open(self, address: str) -> None:
        self.visits.append(address)

    async def come_back(self) -> AuthorizationCodeResult:
        told = await asyncio.to_thread(allowed, self.person, self.visits[-1])
        return AuthorizationCodeResult(code=told["code"], state=told.get("state"), iss=told.get("iss"))


def allowed(person: Person, address: str) -> dict[str, str]:
    """The parameters that the client gets when the person allows all that it asks for."""
    return redirected(answered(person, address))


def answered(person: Person, address: str) -> httpx.Response:
    page = person.browser.get(address)
    assert page.status_code == 200, page.headers.get("Location", page.text)
    optional = re.findall(r'name="(grant-[\w.]+)"', page.text)
    return person.submit(page, decision="allow", **dict.fromkeys(optional, "yes"))


def come_through(person: Person, address: str) -> None:
    """The same, into the client's own listener."""
    httpx.get(answered(person, address).headers["Location"], timeout=30).raise_for_status()


@pytest.mark.parametrize("mode", [LEGACY, STATELESS])
async def test_the_python_client_does_it_all(person: Person, mode: str) -> None:
    kept, browser = Kept(), Browser(person)
    metadata = OAuthClientMetadata(
        client_name="test", redirect_uris=[CALLBACK], token_endpoint_auth_method="none",
        grant_types=["authorization_code", "refresh_token"],
    )  # fmt: skip
    address = f"{person.base}/mcp"
    auth = OAuthClientProvider(address, metadata, kept, browser.open, browser.come_back)
    async with (
        httpx2.AsyncClient(auth=auth, timeout=60) as http,
        Client(streamable_http_client(address, http_client=http), mode=mode) as client,
    ):
        assert (await client.call_tool("get_projects", {"limit": 1})).is_error is False
        assert len(browser.visits) == 1 and kept.tokens is not None
        assert set((kept.tokens.scope or "").split()) == {"mcp.read", "offline_access"}
        auth.context.token_expiry_time = 1.0
        assert (await client.call_tool("get_projects", {"limit": 1})).is_error is False
        assert len(browser.visits) == 1 and len(kept.given) == 2, "refreshed without the person"
        made = await client.call_tool("create_task", {"title": "Stepped up"})
        assert made.is_error is False and len(browser.visits) == 2


async def test_mcp_remote_does_it_all(oauth_modules: Path, person: Person, tmp_path: Path) -> None:
    port = free_port()
    async with remote(oauth_modules, person, tmp_path, port) as first:
        assert not (await first.call("get_projects", {"limit": 1})).get("isError")
        assert first.visits == 1
        made = await first.call("create_task", {"title": "Stepped up"})
        assert not made.get("isError") and first.visits == 2, "the missing scope was asked for"
    spoil_access_tokens(tmp_path)
    async with remote(oauth_modules, person, tmp_path, port) as second:
        assert not (await second.call("get_projects", {"limit": 1})).get("isError")
        assert second.visits == 0, "refreshed without the person"


@asynccontextmanager
async def remote(modules: Path, person: Person, home: Path, port: int) -> AsyncIterator[Remote]:
    async def visit(address: str) -> None:
        await asyncio.to_thread(come_through, person, address)

    async with connected(modules, f"{person.base}/mcp", home, port, visit) as made:
        yield made


@pytest.fixture(scope="module")
def sdk_modules() -> Path:
    need("node")
    try:
        return node_modules()
    except InstallFailed as error:
        absent("node", str(error))


def test_the_typescript_sdk_does_it_all(sdk_modules: Path, person: Person) -> None:
    env = {**os.environ, "NODE_PATH": str(sdk_modules), "SERVER": f"{person.base}/mcp", "REDIRECT": CALLBACK}
    with attended(["node", DRIVER], env, subprocess.PIPE, subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        told: dict[str, Any] = {}
        for line in process.stdout:
            told = json.loads(line)
            if "open" not in told:
                break
            process.stdin.write(allowed(person, told["open"])["code"] + "\n")
            process.stdin.flush()
        process.stdin.close()
        errors = process.stderr.read()
    assert told.get("first") is False and told.get("afterRefresh") is False, (told, errors)
    assert told["refreshed"] is True and told["visits"] == 1


@pytest.fixture(scope="module")
def tool() -> Iterator[Inspector]:
    need("node")
    try:
        yield inspector()
    except InstallFailed as error:
        absent("node", str(error))


def test_the_inspector_signs_in_and_calls_a_tool(tool: Inspector, place: Server, person: Person) -> None:
    said = tool.call(
        f"{base_of(place)}/mcp", "get_projects", lambda address: come_through(person, address), {"limit": "1"}
    )
    assert said["isError"] is False if "isError" in said else said["content"], said
