"""The official Python client and mcp-remote: discovery, registration, sign-in, a call, a forced refresh, a step up."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from mcp.client import Client
from mcp.client.auth import AuthorizationCodeResult, OAuthClientProvider, TokenStorage
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import OAuthClientInformationFull, OAuthClientMetadata, OAuthToken

from tests.oauth.peer import Peer, authorization_server, browse, free_port
from tests.peers.official import LEGACY, STATELESS
from tests.processes import Server, server

CALLBACK = "http://127.0.0.1:53682/callback"
"""Nobody listens there: the headless browser stops in front of it."""


class Kept(TokenStorage):
    def __init__(self) -> None:
        self.tokens: OAuthToken | None = None
        self.given: list[OAuthToken] = []
        self.client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens
        self.given.append(tokens)

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


class Person:
    """Signs in when the client opens a browser."""

    def __init__(self) -> None:
        self.visits: list[str] = []

    async def open(self, address: str) -> None:
        self.visits.append(address)

    async def come_back(self) -> AuthorizationCodeResult:
        told = await browse(self.visits[-1])
        return AuthorizationCodeResult(code=told["code"], state=told.get("state"), iss=told.get("iss"))


@pytest.fixture(params=["/mcp", "/sse"])
def place(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def started(peer: Peer, resource: str, **more: str) -> Any:
    port = resource.rpartition(":")[2]
    listener = {"MCP_TRANSPORT": "http", "MCP_HTTP_PORT": port}
    return server(peer.environment(resource, MCP_AUTH_REQUIRED_SCOPES="mcp.read", **listener, **more))


@pytest.mark.parametrize("mode", [LEGACY, STATELESS])
async def test_the_python_client_does_it_all(oauth_modules: Path, place: str, mode: str) -> None:
    resource = f"http://localhost:{free_port()}"
    with authorization_server(oauth_modules, resource) as peer, started(peer, resource):
        kept, person = Kept(), Person()
        metadata = OAuthClientMetadata(
            client_name="test", redirect_uris=[CALLBACK], token_endpoint_auth_method="none",
            grant_types=["authorization_code", "refresh_token"],
        )  # fmt: skip
        auth = OAuthClientProvider(resource + place, metadata, kept, person.open, person.come_back)
        async with (
            httpx2.AsyncClient(auth=auth, timeout=60) as http,
            Client(streamable_http_client(resource + place, http_client=http), mode=mode) as client,
        ):
            assert (await client.call_tool("get_projects", {"limit": 1})).is_error is False
            assert len(person.visits) == 1, "signed in once"
            assert kept.tokens is not None and kept.tokens.scope == "mcp.read"
            auth.context.token_expiry_time = 1.0
            assert (await client.call_tool("get_projects", {"limit": 1})).is_error is False
            assert len(person.visits) == 1 and len(kept.given) == 2, "refreshed without the person"
            made = await client.call_tool("create_task", {"title": "Stepped up"})
            assert made.is_error is False
            assert len(person.visits) == 2
            assert set((kept.tokens.scope or "").split()) >= {"mcp.read", "mcp.write"}


async def test_a_server_that_holds_clients_to_their_registration_is_asked_for_all_at_once(oauth_modules: Path) -> None:
    """Where a client may never have more than it registered with, the first challenge has to name what comes later."""
    resource = f"http://localhost:{free_port()}"
    more = {"MCP_AUTH_CHALLENGE_SCOPES": "mcp.write"}
    with authorization_server(oauth_modules, resource, SCOPES="registered") as peer, started(peer, resource, **more):
        kept, person = Kept(), Person()
        metadata = OAuthClientMetadata(
            client_name="test", redirect_uris=[CALLBACK], token_endpoint_auth_method="none",
            grant_types=["authorization_code", "refresh_token"],
        )  # fmt: skip
        auth = OAuthClientProvider(f"{resource}/mcp", metadata, kept, person.open, person.come_back)
        async with (
            httpx2.AsyncClient(auth=auth, timeout=60) as http,
            Client(streamable_http_client(f"{resource}/mcp", http_client=http), mode=STATELESS) as client,
        ):
            assert (await client.call_tool("create_task", {"title": "At once"})).is_error is False
            assert len(person.visits) == 1
        assert kept.client is not None and set((kept.client.scope or "").split()) >= {"mcp.read", "mcp.write"}


async def test_mcp_remote_does_it_all(oauth_modules: Path, place: str, tmp_path: Path) -> None:
    resource, port = f"http://localhost:{free_port()}", free_port()
    with authorization_server(oauth_modules, resource) as peer, started(peer, resource) as running:
        async with remote(oauth_modules, resource + place, tmp_path, port) as first:
            assert not (await first.call("get_projects", {"limit": 1})).get("isError")
            assert first.visits == 1
            made = await first.call("create_task", {"title": "Stepped up"})
            assert not made.get("isError"), made
            assert first.visits == 2, "the missing scope was asked for"
        spoil_access_tokens(tmp_path)
        async with remote(oauth_modules, resource + place, tmp_path, port) as second:
            assert not (await second.call("get_projects", {"limit": 1})).get("isError")
            assert second.visits == 0, "refreshed without the person"
        _is_clean(running)


def spoil_access_tokens(folder: Path) -> None:
    """As when they had expired: the server refuses them, and the refresh token is still good."""
    files = list(folder.rglob("*tokens.json"))
    assert files
    for file in files:
        tokens = json.loads(file.read_text())
        tokens["access_token"] = tokens["access_token"][:-8] + "AAAAAAAA"
        file.write_text(json.dumps(tokens))


def _is_clean(running: Server) -> None:
    assert "Traceback" not in running.logged(), running.logged()


class Remote:
    """mcp-remote as a stdio server. ``visit`` opens the address that it wants opened, and follows it to the end."""

    def __init__(self, process: asyncio.subprocess.Process, visit: Callable[[str], Awaitable[None]]) -> None:
        self.process = process
        self._visit = visit
        self.visits = 0
        self.said: list[str] = []
        self._next = 0
        self._person = asyncio.create_task(self._sign_in())

    async def call(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        answer = await self.ask("tools/call", {"name": name, "arguments": arguments})
        assert "result" in answer, (answer, self.said)
        result: dict[str, Any] = answer["result"]
        return result

    async def ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        self._next += 1
        self.tell({"jsonrpc": "2.0", "id": self._next, "method": method, "params": params})
        assert self.process.stdout is not None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(60):
                while line := await self.process.stdout.readline():
                    answer: dict[str, Any] = json.loads(line)
                    if answer.get("id") == self._next:
                        return answer
        raise AssertionError(f"no answer to {method}:\n" + "".join(self.said))

    def tell(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message).encode() + b"\n")

    async def end(self) -> None:
        self._person.cancel()
        self.process.kill()
        await self.process.wait()

    async def _sign_in(self) -> None:
        """Like a person, who is never faster than the client: it may tell the address before it listens itself."""
        assert self.process.stderr is not None
        address, listening = "", 0
        async for line in self.process.stderr:
            self.said.append(line.decode())
            found = re.search(r"https?://\S+\?\S*response_type=code\S*", self.said[-1])
            address = found[0] if found else address
            listening += "callback server running" in self.said[-1]
            if address and listening > self.visits:
                self.visits += 1
                await self._visit(address)
                address = ""


async def browse_through(address: str) -> None:
    """Follows a sign-in to its end, into the client's own listener."""
    async with httpx.AsyncClient(timeout=30, follow_redirects=True) as browser:
        (await browser.get(address)).raise_for_status()


@contextlib.asynccontextmanager
async def remote(
    modules: Path, address: str, home: Path, port: int, visit: Callable[[str], Awaitable[None]] = browse_through
) -> AsyncIterator[Remote]:
    """Connected. ``port`` is that of its callback, which it registers with and must keep."""
    program = str(modules / "mcp-remote" / "dist" / "proxy.js")
    process = await asyncio.create_subprocess_exec(
        "node", program, address, str(port), "--transport", "http-only", "--allow-http",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "MCP_REMOTE_CONFIG_DIR": str(home), "BROWSER": "true"}, limit=2**24,
    )  # fmt: skip
    made = Remote(process, visit)
    try:
        info = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
        await made.ask("initialize", info)
        made.tell({"jsonrpc": "2.0", "method": "notifications/initialized"})
        yield made
    finally:
        await made.end()
