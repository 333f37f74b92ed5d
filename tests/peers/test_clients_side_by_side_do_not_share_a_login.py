"""A login binds a Gauzy account to the session of the client that sent it, and to no other."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from mcp.client import Client

from tests.peers.driven import ENDPOINTS
from tests.peers.official import LEGACY, STATELESS, connect
from tests.processes import Server

OWNER, EMPLOYEE = "demo@gauzy.local", "employee@gauzy.local"

every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS)


async def login(client: Client, email: str) -> None:
    result = await client.call_tool("login", {"email": email, "password": "demo"})
    assert result.structured_content["email"] == email, result


async def status(client: Client) -> dict[str, Any]:
    result = await client.call_tool("get_auth_status", {})
    assert result.is_error is False, result
    return result.structured_content


@every_endpoint
async def test_two_clients_keep_their_own_account(live: Server, endpoint: str) -> None:
    async with connect(endpoint, live, LEGACY) as owner, connect(endpoint, live, LEGACY) as employee:
        await asyncio.gather(login(owner, OWNER), login(employee, EMPLOYEE))
        assert (await status(owner))["email"] == OWNER
        assert (await status(employee))["email"] == EMPLOYEE
        await employee.call_tool("logout", {})
        assert (await status(owner))["source"] == "session"


@every_endpoint
async def test_a_client_that_did_not_sign_in_acts_as_the_shared_account(live: Server, endpoint: str) -> None:
    async with connect(endpoint, live, LEGACY) as employee, connect(endpoint, live, LEGACY) as stranger:
        await login(employee, EMPLOYEE)
        seen = await status(stranger)
        assert (seen["source"], seen["email"]) == ("shared", OWNER)


@every_endpoint
async def test_a_wrong_password_signs_nobody_in(live: Server, endpoint: str) -> None:
    async with connect(endpoint, live, LEGACY) as client:
        refused = await client.call_tool("login", {"email": EMPLOYEE, "password": "wrong"})
        assert refused.is_error is True
        assert "wrong" not in refused.content[0].text
        assert (await status(client))["source"] == "shared"


@pytest.mark.parametrize("path", ["/mcp", "/sse"])
async def test_a_stateless_http_client_is_told_how_to_sign_in_instead(live: Server, path: str) -> None:
    async with connect(f"http {path}", live, STATELESS) as client:
        refused = await client.call_tool("login", {"email": EMPLOYEE, "password": "demo"})
        assert refused.is_error is True
        assert "GAUZY_AUTH_EMAIL" in refused.content[0].text
        assert (await status(client))["source"] == "shared"
