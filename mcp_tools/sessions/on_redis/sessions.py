"""Sessions on Redis: one hash each, found by a digest of the session's secret id."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from itertools import chain
from typing import Any, Final

import orjson

from mcp_tools.sessions.on_redis.connection import Connection, key, milliseconds
from mcp_tools.sessions.sealing import Sealer
from mcp_tools.sessions.session import Session, Transport, new_session_id
from oauth_resource.principal import ANONYMOUS, Principal

_TOPIC_SECONDS: Final = 86_400

_COUNT_IF_THERE: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HINCRBY', KEYS[1], 'calls', 1)
redis.call('HINCRBY', KEYS[1], 'errors', ARGV[1])
return 1
"""
_RENAME_IF_THERE: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('RENAME', KEYS[1], KEYS[2])
return 1
"""


class RedisSessions:
    """A look at a session renews its life, in the same round trip."""

    def __init__(self, connection: Connection, ttl_seconds: float, sealer: Sealer) -> None:
        self.ttl_seconds = ttl_seconds
        self._connection = connection
        self._ttl = milliseconds(ttl_seconds)
        self._sealer = sealer
        self._count_if_there: Any = connection.redis.register_script(_COUNT_IF_THERE)
        self._rename_if_there: Any = connection.redis.register_script(_RENAME_IF_THERE)

    async def open(self, transport: Transport, principal: Principal = ANONYMOUS) -> Session:
        now = time.time()
        session = Session(new_session_id(), transport, created=now, last_seen=now, principal=principal)
        name = _name(session.id)
        with self._connection.reachable():
            async with self._connection.redis.pipeline(transaction=True) as pipeline:
                pipeline.hset(name, mapping={**_opening(session), **_described(session)})
                pipeline.pexpire(name, self._ttl)
                await pipeline.execute()
        return session

    async def get(self, session_id: str) -> Session | None:
        name = _name(session_id)
        with self._connection.reachable():
            async with self._connection.redis.pipeline(transaction=False) as pipeline:
                pipeline.hgetall(name)
                pipeline.pexpire(name, self._ttl)
                stored = (await pipeline.execute())[0]
        if not stored:
            return None
        session = self._restored(session_id, stored)
        if b"topics" in stored:
            await self._stay_subscribed(session)
        return session

    async def touch(self, session: Session) -> bool:
        with self._connection.reachable():
            there = await self._connection.redis.pexpire(_name(session.id), self._ttl)
        if there:
            session.last_seen = time.time()
            await self._stay_subscribed(session)
        return bool(there)

    async def save(self, session: Session) -> None:
        await self._change(session, _described(session))

    async def account(self, session: Session) -> dict[str, Any] | None:
        with self._connection.reachable():
            sealed = await self._connection.redis.hget(_name(session.id), "account")
        session.account = self._sealer.open(session.uid, sealed) if sealed else None
        return session.account

    async def save_account(self, session: Session, account: dict[str, Any] | None) -> None:
        session.account = account
        await self._change(session, {"account": self._sealer.seal(session.uid, account) if account else b""})

    async def count(self, session: Session, *, failed: bool) -> None:
        session.calls += 1
        session.errors += failed
        with self._connection.reachable():
            await self._count_if_there(keys=[_name(session.id)], args=[int(failed)])

    async def rename(self, session: Session) -> None:
        before, after = _name(session.id), new_session_id()
        with self._connection.reachable():
            if await self._rename_if_there(keys=[before, _name(after)]):
                session.id = after

    async def close(self, session: Session) -> None:
        with self._connection.reachable():
            await self._connection.redis.delete(_name(session.id), _alive(session.uid))

    async def cleanup(self) -> int:
        """Redis itself removes what expired."""
        return 0

    async def subscribe(self, session: Session, topic: str) -> None:
        name = _topic(topic)
        with self._connection.reachable():
            async with self._connection.redis.pipeline(transaction=False) as pipeline:
                pipeline.sadd(name, session.uid)
                pipeline.expire(name, _TOPIC_SECONDS)
                pipeline.set(_alive(session.uid), b"1", px=self._ttl)
                await pipeline.execute()
        await self._change(session, {"topics": b"1"})

    async def unsubscribe(self, session: Session, topic: str) -> None:
        with self._connection.reachable():
            await self._connection.redis.srem(_topic(topic), session.uid)

    async def subscribers(self, topic: str) -> list[str]:
        name = _topic(topic)
        with self._connection.reachable():
            listed = sorted(uid.decode() for uid in await self._connection.redis.smembers(name))
            async with self._connection.redis.pipeline(transaction=False) as pipeline:
                for uid in listed:
                    pipeline.exists(_alive(uid))
                alive = await pipeline.execute()
            gone = [uid for uid, there in zip(listed, alive, strict=True) if not there]
            if gone:
                await self._connection.redis.srem(name, *gone)
        return [uid for uid in listed if uid not in gone]

    async def _stay_subscribed(self, session: Session) -> None:
        with self._connection.reachable():
            await self._connection.redis.pexpire(_alive(session.uid), self._ttl)

    async def _change(self, session: Session, fields: Mapping[str, str | bytes]) -> None:
        flat = list(chain.from_iterable(fields.items()))
        with self._connection.reachable():
            await self._connection.change_if_there(keys=[_name(session.id)], args=flat)

    def _restored(self, session_id: str, stored: Mapping[bytes, bytes]) -> Session:
        uid, sealed = stored[b"uid"].decode(), stored.get(b"account")
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
            account=self._sealer.open(uid, sealed) if sealed else None,
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


def _alive(uid: str) -> str:
    return key("alive", uid)


def _topic(topic: str) -> str:
    return key("topic", hashlib.sha256(topic.encode()).hexdigest())
