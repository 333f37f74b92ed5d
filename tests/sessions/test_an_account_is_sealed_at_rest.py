from __future__ import annotations

import pytest

from mcp_tools.sessions import on_redis as redis_plane
from mcp_tools.sessions.errors import StateUnavailable
from mcp_tools.sessions.sealing import Sealer
from tests.sessions.planes import KEY, TTL, OnRedis

SECRETS = {
    "access_token": "an-access-token",
    "refresh_token": "a-refresh-token",
    "identity": {"email": "emma@example.com"},
}


async def test_redis_holds_neither_a_token_nor_the_id_of_a_session(on_redis: OnRedis) -> None:
    session = await on_redis.here.sessions.open("http")
    await on_redis.here.sessions.get(session.id, 1)
    await on_redis.here.sessions.save_account(session, SECRETS)
    await on_redis.here.sessions.subscribe(session, "tenant gauzy://task/1")
    await on_redis.here.events.append(session.uid, "s", b"{}")
    stored = await on_redis.everything()
    assert session.uid.encode() in stored
    for secret in (session.id, "an-access-token", "a-refresh-token", "emma@example.com", "tenant gauzy"):
        assert secret.encode() not in stored


async def test_an_account_does_not_open_for_another_session(on_redis: OnRedis) -> None:
    """Whoever can write to Redis cannot move somebody's sign-in to a session of their own."""
    victim, thief = await on_redis.here.sessions.open("http"), await on_redis.here.sessions.open("http")
    await on_redis.here.sessions.save_account(victim, SECRETS)
    for name in await on_redis.redis.keys("gauzy-mcp:session:*"):
        if await on_redis.redis.hget(name, "uid") == victim.uid.encode():
            sealed = await on_redis.redis.hget(name, "account")
    for name in await on_redis.redis.keys("gauzy-mcp:session:*"):
        if await on_redis.redis.hget(name, "uid") == thief.uid.encode():
            await on_redis.redis.hset(name, "account", sealed)
    with pytest.raises(StateUnavailable):
        await on_redis.there.sessions.get(thief.id)


async def test_a_process_with_another_secret_says_so_and_acts_as_nobody(on_redis: OnRedis) -> None:
    """Going on without the account would be going on as the shared one."""
    session = await on_redis.here.sessions.open("http")
    await on_redis.here.sessions.save_account(session, SECRETS)
    stranger = redis_plane.on_redis(on_redis.url, TTL, b"another key of thirty-two bytes!")
    with pytest.raises(StateUnavailable, match="MCP_SECRET_KEY"):
        await stranger.sessions.get(session.id)
    await stranger.aclose()


def test_what_was_sealed_opens_for_its_owner_alone_and_unchanged() -> None:
    sealer = Sealer(KEY)
    sealed = sealer.seal("owner", SECRETS)
    assert sealer.open("owner", sealed) == SECRETS
    assert sealer.seal("owner", SECRETS) != sealed
    assert sealer.open("somebody else", sealed) is None
    for spoiled in (
        b"",
        sealed[:11],
        sealed[:-1],
        sealed[:-1] + bytes([sealed[-1] ^ 1]),
        bytes([sealed[0] ^ 1]) + sealed[1:],
    ):
        assert sealer.open("owner", spoiled) is None
