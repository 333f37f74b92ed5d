"""RFC 6750 section 3.1: a challenge names what is needed and what the token has of ours, however much it has."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.oauth.checking import checking
from tests.oauth.knocking import ask
from tests.oauth.stand_in import StandIn

MANY = " ".join(f"mcp.{number}" for number in range(20_000))


def scope_in(header: str) -> str:
    found = re.search(r'scope="([^"]*)"', header)
    assert found, header
    return found[1]


@pytest.mark.parametrize(
    ("granted", "asked_for"),
    [
        ("mcp.write", "mcp.write gauzy"),
        ("mcp.read mcp.admin", "mcp.read mcp.admin gauzy"),
        ("openid profile", "gauzy"),
        ("", "gauzy"),
    ],
)
async def test_a_step_up_keeps_what_was_granted(issuer: StandIn, granted: str, asked_for: str) -> None:
    async with checking(issuer, required=("gauzy",)) as checks:
        status, header = await checks.challenge(issuer.token(scope=granted))
    assert (status, scope_in(header)) == (403, asked_for)
    assert 'error="insufficient_scope"' in header


async def test_thousands_of_scopes_make_no_long_header(issuer: StandIn) -> None:
    async with checking(issuer, jwt=False, introspects=True, required=("gauzy",)) as checks:
        _, header = await checks.challenge(issuer.opaque(scope=f"mcp.write {MANY}"))
    assert scope_in(header) == "mcp.write gauzy"
    assert len(header) < 500


def test_nor_does_a_tool_that_needs_more(client: httpx.Client, issuer: StandIn) -> None:
    token = issuer.token(scope="mcp.read mcp.other other")
    answer = ask(client, "tools/call", {"name": "create_task", "arguments": {"title": "x"}}, token=token)
    assert answer.status_code == 403
    assert scope_in(answer.headers["WWW-Authenticate"]) == "mcp.read mcp.write"
