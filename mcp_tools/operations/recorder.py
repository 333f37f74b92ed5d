"""Writes the history behind the requests: observations gather in memory, and a thread stores them every second."""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import hmac
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from django.db import DatabaseError, close_old_connections, transaction
from django.db.models import F
from django.utils import timezone

from mcp_tools.dispatch.observing import Observer, Operation
from mcp_tools.operations.models import CallRecord, SessionRecord
from mcp_tools.sessions.session import Session

log = logging.getLogger("gauzy_mcp.operations")

FLUSH_SECONDS: Final = 1.0
MAX_WAITING: Final = 50_000
"""Calls that may wait to be stored; beyond it the oldest are dropped, and the log says so."""

_SWEEP_SECONDS: Final = 60.0
_BATCH: Final = 500


@dataclass(slots=True)
class Gathered:
    """What happened since the last flush."""

    began: dict[str, dict[str, Any]] = field(default_factory=dict)
    seen: dict[str, dict[str, Any]] = field(default_factory=dict)
    ended: dict[str, tuple[float, str]] = field(default_factory=dict)
    running: dict[str, int] = field(default_factory=dict)
    calls: list[Operation] = field(default_factory=list)

    def is_empty(self) -> bool:
        return not (self.began or self.seen or self.ended or self.running or self.calls)


class Recorder(Observer):
    """``key`` makes the digest of arguments; ``keep_arguments`` is MCP_KEEP_ARGUMENTS; ``days`` is the retention."""

    def __init__(self, key: bytes, *, ttl_seconds: float, keep_arguments: bool, days: int) -> None:
        self._key = key
        self._ttl = ttl_seconds
        self._keep_arguments = keep_arguments
        self._days = days
        self._gathered = Gathered()
        self._flushing: asyncio.Task[None] | None = None
        self._swept = 0.0

    def session_began(self, session: Session) -> None:
        self._gathered.began[session.uid] = {
            "transport": session.transport,
            "revision": session.revision,
            "client_name": str(session.client.get("name", ""))[:120],
            "client_version": str(session.client.get("version", ""))[:60],
            "principal": session.principal.key[:300],
            "created": _moment(session.created),
            "last_seen": timezone.now(),
            **_account(session),
        }
        self._wake()

    def session_seen(self, session: Session) -> None:
        self._gathered.seen[session.uid] = {"last_seen": timezone.now(), **_account(session)}
        self._wake()

    def session_ended(self, uid: str, reason: str) -> None:
        self._gathered.ended[uid] = (time.time(), reason)
        self._wake()

    def operation_began(self, session: Session | None) -> None:
        if session is not None:
            self._gathered.running[session.uid] = self._gathered.running.get(session.uid, 0) + 1

    def operation_ended(self, operation: Operation) -> None:
        if not operation.tool:
            return
        if operation.uid:
            self._gathered.running[operation.uid] = self._gathered.running.get(operation.uid, 0) - 1
        if len(self._gathered.calls) >= MAX_WAITING:
            log.error("the database takes no history: %d calls were dropped", len(self._gathered.calls))
            self._gathered.calls.clear()
        self._gathered.calls.append(operation)
        self._wake()

    async def aclose(self) -> None:
        """Stores what is left."""
        if self._flushing is not None:
            self._flushing.cancel()
            await asyncio.gather(self._flushing, return_exceptions=True)
        await self._store()

    def _wake(self) -> None:
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.get_running_loop().create_task(self._flush_forever())

    async def _flush_forever(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self._store()

    async def _store(self) -> None:
        gathered, self._gathered = self._gathered, Gathered()
        sweep = time.monotonic() - self._swept > _SWEEP_SECONDS
        if gathered.is_empty() and not sweep:
            return
        try:
            await asyncio.to_thread(self._write, gathered, sweep)
        except DatabaseError as error:
            # History is for reading later; requests go on without it, and the log says what is missing.
            log.error("history of %d calls could not be stored: %s", len(gathered.calls), error)

    def _write(self, gathered: Gathered, sweep: bool) -> None:
        close_old_connections()
        try:
            with transaction.atomic():
                self._write_sessions(gathered)
                CallRecord.objects.bulk_create([self._call(one) for one in gathered.calls], batch_size=_BATCH)
            if sweep:
                self._sweep()
                self._swept = time.monotonic()
        finally:
            close_old_connections()

    def _write_sessions(self, gathered: Gathered) -> None:
        known = [SessionRecord(uid=uid, **fields) for uid, fields in gathered.began.items()]
        fields = ["revision", "client_name", "client_version", "principal", "account", "organization", "last_seen"]
        SessionRecord.objects.bulk_create(
            known, batch_size=_BATCH, update_conflicts=True, unique_fields=["uid"], update_fields=fields
        )
        counts: dict[str, list[int]] = {}
        for call in gathered.calls:
            one = counts.setdefault(call.uid, [0, 0])
            one[0] += 1
            one[1] += call.outcome != "ok"
        for uid in {*gathered.seen, *gathered.running, *counts} - {""}:
            calls, errors = counts.get(uid, [0, 0])
            changes: dict[str, Any] = {"calls": F("calls") + calls, "errors": F("errors") + errors}
            changes["in_flight"] = F("in_flight") + gathered.running.get(uid, 0)
            changes |= gathered.seen.get(uid, {})
            SessionRecord.objects.filter(uid=uid).update(**changes)
        for uid, (when, reason) in gathered.ended.items():
            live = SessionRecord.objects.filter(uid=uid, state=SessionRecord.State.LIVE)
            live.update(state=reason, ended=_moment(when), in_flight=0)

    def _call(self, operation: Operation) -> CallRecord:
        arguments = dict(operation.arguments or {})
        return CallRecord(
            session_id=operation.uid or None,
            principal=operation.principal[:300],
            tool=operation.tool,
            transport=operation.transport,
            outcome=operation.outcome,
            began=_moment(operation.began),
            milliseconds=int(operation.seconds * 1000),
            upstream=operation.upstream,
            digest=self._digest(arguments),
            arguments=arguments if self._keep_arguments else None,
        )

    def _digest(self, arguments: Mapping[str, Any]) -> str:
        """The same arguments have the same digest, and nobody without the key can try values."""
        encoded = orjson.dumps(arguments, option=orjson.OPT_SORT_KEYS, default=str)
        return hmac.digest(self._key, encoded, hashlib.sha256).hex()

    def _sweep(self) -> None:
        """Marks what ran out of time, and removes what is older than the retention."""
        now = timezone.now()
        horizon = now - datetime.timedelta(seconds=self._ttl)
        stale = SessionRecord.objects.filter(state=SessionRecord.State.LIVE, last_seen__lt=horizon)
        stale.exclude(transport="websocket").update(state=SessionRecord.State.EXPIRED, ended=now, in_flight=0)
        oldest = now - datetime.timedelta(days=self._days)
        CallRecord.objects.filter(began__lt=oldest).delete()
        SessionRecord.objects.filter(last_seen__lt=oldest).exclude(state=SessionRecord.State.LIVE).delete()


def _account(session: Session) -> dict[str, str]:
    """Whose Gauzy account the session is signed in to."""
    identity = (session.account or {}).get("identity", {})
    return {
        "account": str(identity.get("email", ""))[:254],
        "organization": str(identity.get("organization_id", ""))[:64],
    }


def _moment(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
