"""With GAUZY_MCP_DEBUG a session's life in Redis or memory can be followed, by its name and never by its id."""

from __future__ import annotations

import logging

import pytest

from gauzy_mcp import sharing
from mcp_tools.sessions.backplane import Backplane
from mcp_tools.sessions.logged import LoggedSessions
from mcp_tools.sessions.store import Finished
from tests.env.loads import environment
from tests.redis_server import shared_url

ACCOUNT = {"access_token": "a-secret-token", "user": "u-1"}
SECRET = "8f41c0b7d92e6a53f7104bc86de2953a0c7be415f83d926a4e51b0c7d8f29a36"


def plane(kind: str, *, debug: bool = True) -> Backplane:
    place = {"REDIS_URL": shared_url(), "MCP_SECRET_KEY": SECRET} if kind == "redis" else {}
    return sharing.backplane(environment(GAUZY_MCP_DEBUG=str(debug).lower(), **place))


@pytest.mark.parametrize("kind", ["memory", "redis"])
async def test_a_session_is_followed_from_its_beginning_to_its_end(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "gauzy_mcp")
    shared = plane(kind)
    session = await shared.sessions.open("http")
    secret_id = session.id
    found = await shared.sessions.get(session.id)
    assert found is not None
    assert await shared.sessions.touch(found)
    await shared.sessions.save_account(found, ACCOUNT)
    assert await shared.sessions.account(found) == ACCOUNT
    async with shared.sessions.renewing(found):
        pass
    await shared.sessions.count([Finished(found, calls=2, errors=1)])
    await shared.sessions.close(found)
    assert await shared.sessions.get(found.id) is None
    await shared.aclose()
    lines = [record.getMessage() for record in caplog.records if record.name == "gauzy_mcp.sessions"]
    assert all(line.startswith(f"session store={kind} ") for line in lines)
    told = "\n".join(lines)
    for what in ("ready", "created", "found and renewed", "renewed", "bound an account to",
                 "read the account of", "locked for a renewal", "counted", "ended"):  # fmt: skip
        assert f"{what} uid={session.uid}" in told or what == "ready" or f"{what} of tokens uid={session.uid}" in told
    assert "ttl=1800s" in told and "has no session" in told
    assert not any(secret in told for secret in [secret_id, "a-secret-token"])


@pytest.mark.parametrize("kind", ["memory", "redis"])
async def test_without_debug_nothing_stands_between(kind: str) -> None:
    shared = plane(kind, debug=False)
    assert not isinstance(shared.sessions, LoggedSessions)
    await shared.aclose()
