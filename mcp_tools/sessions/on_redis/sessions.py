"""Sessions on Redis: one hash each, found by a digest of the session's secret id."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import secrets
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final

import orjson

from mcp_tools.protocol.messages import RequestId
from mcp_tools.sessions.errors import AlreadyRunning, SessionEnded, StateUnavailable
from mcp_tools.sessions.leases import running_of
from mcp_tools.sessions.limits import Hit, LimitExceeded
from mcp_tools.sessions.on_redis.connection import Connection, key, milliseconds
from mcp_tools.sessions.on_redis.leases import RedisLeases
from mcp_tools.sessions.on_redis.limits import COUNT, RedisLimits
from mcp_tools.sessions.sealing import Sealer
from mcp_tools.sessions.session import Session, Transport, new_session_id
from mcp_tools.sessions.store import Finished
from oauth_resource.principal import ANONYMOUS, Principal

_UID_SECONDS: Final = 30 * 86_400
"""How long an operator can end a session by its uid: longer than any session lives unused."""

_TOPIC_SECONDS: Final = 30 * 86_400
"""How long a topic is kept after the last change or subscription; it goes at once with its last subscriber."""

_WAITS: Final = (0.05, 0.1, 0.2)
"""Seconds between looks at an id in flight: one that was answered just now is given up a moment later."""

_NONE: Final = ("", "", 0)
"""The terms of no lease."""

_AT_ONCE: Final = 1000
_RENEWAL_SECONDS: Final = 10.0
_TURN_SECONDS: Final = 0.05

_RELEASE_OWN: Final = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
"""
_COUNT_IF_THERE: Final = """
for number, name in ipairs(KEYS) do
    if redis.call('EXISTS', name) == 1 then
        redis.call('HINCRBY', name, 'calls', ARGV[2 * number])
        redis.call('HINCRBY', name, 'errors', ARGV[2 * number + 1])
        redis.call('PEXPIRE', name, ARGV[1])
    end
end
return 1
"""
_LOOK: Final = (
    COUNT
    + """
local limit = tonumber(ARGV[4])
if limit > 0 then
    local refused = count(KEYS[3], limit, tonumber(ARGV[5]), tonumber(ARGV[6]))
    if refused then return refused end
end
local stored, taken = redis.call('HGETALL', KEYS[1]), 1
if #stored > 0 then
    local opened_by = cjson.decode(redis.call('HGET', KEYS[1], 'principal'))
    local owner = opened_by.subject == '' and '' or opened_by.issuer .. '|' .. opened_by.subject
    if owner ~= ARGV[7] then return {0, {}, 1} end
    redis.call('PEXPIRE', KEYS[1], ARGV[1])
    if KEYS[2] ~= '' and not redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3], 'NX') then taken = 0 end
end
return {0, stored, taken}
"""
)
"""Counts, reads, renews and takes a lease: whatever an ordinary request needs, in one round trip.

Somebody else's session is neither renewed nor held. Its owner is written as ``Principal.key`` writes it."""
_KEEP: Final = """
local name = redis.call('GET', KEYS[1])
if not name then return 0 end
return redis.call('PEXPIRE', name, ARGV[1])
"""


class RedisSessions:
    """A look at a session renews its life, in the same round trip. ``limits`` of None count nobody."""

    def __init__(
        self,
        connection: Connection,
        ttl_seconds: float,
        sealer: Sealer,
        leases: RedisLeases,
        limits: RedisLimits | None = None,
    ) -> None:
        self.ttl_seconds = ttl_seconds
        self._connection = connection
        self._ttl = milliseconds(ttl_seconds)
        self._sealer = sealer
        self._leases = leases
        self._limits = limits
        self._look_script: Any = connection.redis.register_script(_LOOK)
        self._count_if_there: Any = connection.redis.register_script(_COUNT_IF_THERE)
        self._release_own: Any = connection.redis.register_script(_RELEASE_OWN)
        self._keep: Any = connection.redis.register_script(_KEEP)

    async def open(self, transport: Transport, principal: Principal = ANONYMOUS) -> Session:
        now = time.time()
        session = Session(new_session_id(), transport, created=now, last_seen=now, principal=principal)
        name = _name(session.id)
        with self._connection.reachable():
            async with self._connection.redis.pipeline(transaction=True) as pipeline:
                pipeline.hset(name, mapping={**_opening(session), **_described(session)})
                pipeline.pexpire(name, self._ttl)
                pipeline.set(_by_uid(session.uid), name, ex=_UID_SECONDS)
                await pipeline.execute()
        return session

    async def get(
        self,
        session_id: str,
        running: RequestId | None = None,
        hit: Hit | None = None,
        principal: Principal = ANONYMOUS,
    ) -> Session | None:
        for wait in _WAITS:
            stored, claimed = await self._look(session_id, running, hit, principal)
            if claimed:
                return self._restored(session_id, stored) if stored else None
            # It has been counted now.
            hit = None
            await asyncio.sleep(wait)
        raise AlreadyRunning

    async def _look(
        self, session_id: str, running: RequestId | None, hit: Hit | None, principal: Principal
    ) -> tuple[Mapping[bytes, bytes], bool]:
        """What is stored, and whether the id of the request is ours now. Raises LimitExceeded."""
        limited, *terms = self._limits.asked(hit) if self._limits and hit else ("", 0, 0, 1)
        lease, mine, lease_ms = self._leases.terms(running_of(session_id, running)) if running is not None else _NONE
        with self._connection.reachable():
            refused, *found = await self._look_script(
                keys=[_name(session_id), lease, limited], args=[self._ttl, mine, lease_ms, *terms, principal.key]
            )
        exceeded = self._limits.found(hit, [refused, *found]) if self._limits and hit else None
        if exceeded is not None:
            raise LimitExceeded(exceeded)
        flat, taken = found
        return dict(zip(flat[::2], flat[1::2], strict=True)), bool(taken)

    async def touch(self, session: Session) -> bool:
        with self._connection.reachable():
            there = await self._connection.redis.pexpire(_name(session.id), self._ttl)
        if there:
            session.last_seen = time.time()
        return bool(there)

    async def keep(self, sessions: Sequence[Session]) -> list[Session]:
        """By name, which stays whatever id a process of another version gave the session."""
        gone: list[Session] = []
        for first in range(0, len(sessions), _AT_ONCE):
            some = sessions[first : first + _AT_ONCE]
            with self._connection.reachable():
                async with self._connection.redis.pipeline(transaction=False) as pipeline:
                    for session in some:
                        await self._keep(keys=[_by_uid(session.uid)], args=[self._ttl], client=pipeline)
                    kept = await pipeline.execute()
            gone += [session for session, there in zip(some, kept, strict=True) if not there]
        return gone

    async def save(self, session: Session) -> None:
        await self._change(session, _described(session))

    async def account(self, session: Session) -> dict[str, Any] | None:
        if session.transport in ("websocket", "stdio"):
            # Only its own connection knows this session, so nobody else can have changed it.
            return session.account
        with self._connection.reachable():
            uid, sealed = await self._connection.redis.hmget(_name(session.id), "uid", "account")
        if uid is None:
            raise SessionEnded
        session.account = self._opened(session.uid, sealed)
        return session.account

    async def save_account(self, session: Session, account: dict[str, Any] | None) -> None:
        session.account = account
        await self._change(session, {"account": self._sealer.seal(session.uid, account) if account else b""})

    @contextlib.asynccontextmanager
    async def renewing(self, session: Session) -> AsyncIterator[None]:
        """Waits for its turn; after ``_RENEWAL_SECONDS`` nobody holds it any more, whatever became of the holder."""
        name, mine = key("renewing", session.uid), secrets.token_hex(8)
        # Redis tells nobody that a key is gone, so there is nothing to wait for but time.
        while not await self._claimed(name, mine):  # noqa: ASYNC110
            await asyncio.sleep(_TURN_SECONDS)
        try:
            yield
        finally:
            with self._connection.reachable():
                await self._release_own(keys=[name], args=[mine])

    async def _claimed(self, name: str, mine: str) -> bool:
        with self._connection.reachable():
            return bool(await self._connection.redis.set(name, mine, nx=True, px=milliseconds(_RENEWAL_SECONDS)))

    async def count(self, finished: Sequence[Finished]) -> None:
        for one in finished:
            one.session.calls += one.calls
            one.session.errors += one.errors
        numbers = chain.from_iterable((one.calls, one.errors) for one in finished)
        with self._connection.reachable():
            await self._count_if_there(keys=[_name(one.session.id) for one in finished], args=[self._ttl, *numbers])

    async def close(self, session: Session) -> None:
        with self._connection.reachable():
            await self._connection.redis.delete(_name(session.id), _by_uid(session.uid))

    async def end(self, uid: str) -> bool:
        with self._connection.reachable():
            name = await self._connection.redis.getdel(_by_uid(uid))
            return bool(name) and bool(await self._connection.redis.delete(name))

    async def cleanup(self) -> int:
        """Redis itself removes what expired."""
        return 0

    async def subscribe(self, session: Session, topic: str) -> None:
        name = _topic(topic)
        with self._connection.reachable():
            async with self._connection.redis.pipeline(transaction=False) as pipeline:
                pipeline.sadd(name, _subscriber(session))
                pipeline.expire(name, _TOPIC_SECONDS)
                await pipeline.execute()

    async def unsubscribe(self, session: Session, topic: str) -> None:
        with self._connection.reachable():
            await self._connection.redis.srem(_topic(topic), _subscriber(session))

    async def subscribers(self, topic: str) -> list[str]:
        name = _topic(topic)
        with self._connection.reachable():
            listed = [one.decode() for one in await self._connection.redis.smembers(name)]
            if not listed:
                return []
            async with self._connection.redis.pipeline(transaction=False) as pipeline:
                pipeline.expire(name, _TOPIC_SECONDS)
                for subscriber in listed:
                    pipeline.exists(subscriber.partition(" ")[2])
                _, *alive = await pipeline.execute()
            gone = [one for one, there in zip(listed, alive, strict=True) if not there]
            if gone:
                await self._connection.redis.srem(name, *gone)
        return sorted(one.partition(" ")[0] for one in listed if one not in gone)

    async def _change(self, session: Session, fields: Mapping[str, str | bytes]) -> None:
        flat = list(chain.from_iterable(fields.items()))
        with self._connection.reachable():
            await self._connection.change_if_there(keys=[_name(session.id)], args=flat)

    def _opened(self, uid: str, sealed: bytes | None) -> dict[str, Any] | None:
        """Whoever signed in must not go on as the shared account because their own cannot be read."""
        if not sealed:
            return None
        account: dict[str, Any] | None = self._sealer.open(uid, sealed)
        if account is None:
            raise StateUnavailable(
                f"the account of session {uid} does not open: every process needs the same MCP_SECRET_KEY"
            )
        return account

    def _restored(self, session_id: str, stored: Mapping[bytes, bytes]) -> Session:
        uid = stored[b"uid"].decode()
        principal = orjson.loads(stored[b"principal"])
        return Session(
            id=session_id,
            transport=stored[b"transport"].decode(),  # type: ignore[arg-type]
            created=float(stored[b"created"]),
            last_seen=time.time(),
            uid=uid,
            revision=stored[b"revision"].decode(),
            client=orjson.loads(stored[b"client"]),
            capabilities=orjson.loads(stored[b"capabilities"]),
            principal=Principal(**{**principal, "scopes": frozenset(principal["scopes"])}),
            account=self._opened(uid, stored.get(b"account")),
            log_level=stored[b"log_level"].decode() or None,
            calls=int(stored.get(b"calls", 0)),
            errors=int(stored.get(b"errors", 0)),
        )


def _opening(session: Session) -> dict[str, str | bytes]:
    principal = session.principal
    return {
        "uid": session.uid,
        "transport": session.transport,
        "created": str(session.created),
        "principal": orjson.dumps(
            {
                "issuer": principal.issuer,
                "subject": principal.subject,
                "client_id": principal.client_id,
                "scopes": sorted(principal.scopes),
            }
        ),
    }


def _described(session: Session) -> dict[str, str | bytes]:
    return {
        "revision": session.revision,
        "client": orjson.dumps(session.client),
        "capabilities": orjson.dumps(session.capabilities),
        "log_level": session.log_level or "",
    }


def _name(session_id: str) -> str:
    """The id is a credential, so Redis is given its digest only."""
    return key("session", hashlib.sha256(session_id.encode()).hexdigest())


def _by_uid(uid: str) -> str:
    """Where operators find a session by our name of it."""
    return key("uid", uid)


def _subscriber(session: Session) -> str:
    """Who to tell, and the record that shows whether the session still lives."""
    return f"{session.uid} {_name(session.id)}"


def _topic(topic: str) -> str:
    return key("topic", hashlib.sha256(topic.encode()).hexdigest())
