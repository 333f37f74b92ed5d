from __future__ import annotations

import pytest

from mcp_tools.sessions.errors import SessionEnded
from mcp_tools.sessions.store import Finished
from oauth_resource.principal import Principal
from tests.sessions.planes import TTL, Processes

ACCOUNT = {"access_token": "an access token", "identity": {"email": "emma@example.com"}}


async def test_a_session_opened_here_is_found_there(processes: Processes) -> None:
    principal = Principal("https://issuer.example", "emma", "client", frozenset({"mcp.read", "mcp.write"}))
    opened = await processes.here.sessions.open("http", principal)
    opened.revision, opened.client, opened.capabilities = "2025-11-25", {"name": "t"}, {"elicitation": {"form": {}}}
    opened.log_level = "warning"
    await processes.here.sessions.save(opened)
    found = await processes.there.sessions.get(opened.id, principal=principal)
    assert found is not None
    assert (found.uid, found.transport, found.principal) == (opened.uid, "http", principal)
    assert (found.revision, found.client, found.log_level) == ("2025-11-25", {"name": "t"}, "warning")
    assert found.capabilities == {"elicitation": {"form": {}}}
    assert found.created == pytest.approx(opened.created)


async def test_only_the_secret_id_finds_a_session(processes: Processes) -> None:
    opened = await processes.here.sessions.open("http")
    for wrong in (opened.uid, "", opened.id[:-1], opened.id + "x", "*", f"session:{opened.id}"):
        assert await processes.there.sessions.get(wrong) is None


async def test_an_unused_session_expires(processes: Processes) -> None:
    opened = await processes.here.sessions.open("http")
    await processes.let_pass(TTL + 1)
    assert await processes.there.sessions.get(opened.id) is None
    assert await processes.here.sessions.touch(opened) is False


@pytest.mark.parametrize("use", ["get", "touch", "count"])
async def test_every_use_renews_its_life(processes: Processes, use: str) -> None:
    opened = await processes.here.sessions.open("http")
    for _ in range(3):
        await processes.let_pass(TTL * 0.6)
        if use == "get":
            assert await processes.there.sessions.get(opened.id) is not None
        elif use == "touch":
            assert await processes.there.sessions.touch(opened) is True
        else:
            await processes.there.sessions.count([Finished(opened, calls=1)])
    assert await processes.here.sessions.get(opened.id) is not None


async def test_a_closed_session_is_gone_and_stays_gone(processes: Processes) -> None:
    opened = await processes.here.sessions.open("http")
    await processes.there.sessions.close(opened)
    opened.log_level = "debug"
    await processes.here.sessions.save(opened)
    await processes.here.sessions.count([Finished(opened, calls=1, errors=1)])
    if processes.here is not processes.there:
        await processes.here.sessions.save_account(opened, ACCOUNT)
    assert await processes.here.sessions.get(opened.id) is None
    with pytest.raises(SessionEnded):
        await processes.here.sessions.account(opened)


async def test_calls_are_counted_whoever_runs_them(processes: Processes) -> None:
    opened = await processes.here.sessions.open("http")
    for plane, failed in ((processes.here, False), (processes.there, True), (processes.there, False)):
        session = await plane.sessions.get(opened.id)
        assert session is not None
        await plane.sessions.count([Finished(session, calls=1, errors=int(failed))])
    found = await processes.here.sessions.get(opened.id)
    assert found is not None
    assert (found.calls, found.errors) == (3, 1)


async def test_a_sign_in_here_is_known_there_and_a_sign_out_too(processes: Processes) -> None:
    here = await processes.here.sessions.open("http")
    await processes.here.sessions.save_account(here, ACCOUNT)
    there = await processes.there.sessions.get(here.id)
    assert there is not None
    assert there.account == ACCOUNT
    await processes.there.sessions.save_account(there, None)
    assert await processes.here.sessions.account(here) is None


async def test_a_handshake_does_not_undo_a_sign_in_elsewhere(processes: Processes) -> None:
    here = await processes.here.sessions.open("http")
    there = await processes.there.sessions.get(here.id)
    assert there is not None
    await processes.there.sessions.save_account(there, ACCOUNT)
    here.log_level = "error"
    await processes.here.sessions.save(here)
    found = await processes.there.sessions.get(here.id)
    assert found is not None
    assert (found.account, found.log_level) == (ACCOUNT, "error")
