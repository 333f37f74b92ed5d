"""Storing what was gathered, and tidying up: expiry and retention. Runs in one thread, with its own connection."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson
from django.db import connection, transaction
from django.utils import timezone

from mcp_tools.dispatch.anonymous_clients import ClientWithoutSession
from mcp_tools.dispatch.observers import UNKNOWN_CALLER, CallerDetails
from mcp_tools.dispatch.presence import patience
from mcp_tools.operations import siblings
from mcp_tools.operations.gathering import Call, Gathered
from mcp_tools.operations.models import LONGEST_NAME, LONGEST_PRINCIPAL, CallRecord, SessionRecord
from mcp_tools.operations.visits import placed
from mcp_tools.protocol.revisions import STATELESS
from mcp_tools.sessions.session import Session

CONNECTED: Final = ("websocket", "sse", "stdio")
"""Transports whose sessions end with their connection."""

_BATCH: Final = 500
_DESCRIBED: Final = ("revision", "client_name", "client_version", "principal", "last_seen", "expires")
_ACCOUNT: Final = ("account", "account_name", "organization", "uses_configured_account")
_STUCK: Final = datetime.timedelta(minutes=10)
"""After so long without a use no call of a session runs any more: its process died before it could say so."""

_COUNT: Final = """
UPDATE {table} SET calls = calls + %s, errors = errors + %s,
    in_flight = CASE WHEN in_flight + %s < 0 THEN 0 ELSE in_flight + %s END
WHERE uid = %s
"""


@dataclass(frozen=True, slots=True)
class Lives:
    """How long sessions are taken for live after they were heard of, in seconds; and records kept, in days.

    ``process`` is the name of this process where sessions are in its memory and end with it, else empty.
    """

    ttl_seconds: float
    days: int
    process: str = ""

    def of(self, transport: str) -> datetime.timedelta:
        connected = transport in CONNECTED
        return datetime.timedelta(seconds=patience(self.ttl_seconds) if connected else self.ttl_seconds)


def write(gathered: Gathered, lives: Lives) -> None:
    """All or nothing. Raises django.db.Error."""
    with transaction.atomic():
        gathered = placed(gathered)
        _write_sessions(gathered, lives)
        _write_accounts(gathered)
        _renew(gathered, lives)
        _count(gathered)
        _end(gathered)
        CallRecord.objects.bulk_create(map(_call, gathered.calls), batch_size=_BATCH)


def tidy(lives: Lives) -> None:
    """Marks what ran out of time, and removes what is older than the retention."""
    now = timezone.now()
    live = SessionRecord.objects.filter(state=SessionRecord.State.LIVE)
    live.filter(expires__lt=now).update(state=SessionRecord.State.EXPIRED, ended=now, in_flight=0)
    for name in set(live.exclude(process__in=("", lives.process)).values_list("process", flat=True)):
        # SQLite is for one machine, whatever it is called after its container was made again.
        if siblings.has_ended(name, is_here=connection.vendor == "sqlite"):
            expire_sessions_of(name)
    live.filter(in_flight__gt=0, last_seen__lt=now - _STUCK).update(in_flight=0)
    oldest = now - datetime.timedelta(days=lives.days)
    CallRecord.objects.filter(began__lt=oldest).delete()
    SessionRecord.objects.filter(last_seen__lt=oldest).exclude(state=SessionRecord.State.LIVE).delete()


def expire_sessions_of(process: str) -> None:
    """Marks what a process kept in its memory, which ended with it."""
    lost = SessionRecord.objects.filter(process=process, state=SessionRecord.State.LIVE)
    lost.update(state=SessionRecord.State.EXPIRED, ended=timezone.now(), in_flight=0)


def _write_sessions(gathered: Gathered, lives: Lives) -> None:
    for uids in _batches(gathered.seen):
        by_fields: dict[tuple[str, ...], list[SessionRecord]] = {}
        for uid in uids:
            caller = gathered.callers.get(uid, UNKNOWN_CALLER)
            by_fields.setdefault(_known_of(caller), []).append(_session(*gathered.seen[uid], caller, lives))
        for fields, known in by_fields.items():
            SessionRecord.objects.bulk_create(known, update_conflicts=True, unique_fields=["uid"], update_fields=fields)


def _write_accounts(gathered: Gathered) -> None:
    """What calls that ended tell of sessions that were not seen since: whose account, and no sign of life."""
    for uid in sorted(gathered.callers.keys() - gathered.seen.keys()):
        caller = gathered.callers[uid]
        if caller.is_account_known:
            rows = SessionRecord.objects.filter(uid=uid)
            rows.update(uses_configured_account=caller.is_configured, **_account(caller))


def _account(caller: CallerDetails) -> dict[str, Any]:
    return {
        "account": _text(caller.email, 254),
        "account_name": _text(caller.name, LONGEST_NAME),
        "organization": _text(caller.organization, 64),
    }


def _known_of(caller: CallerDetails) -> tuple[str, ...]:
    """What is written over: what is not known now may have been before, or be to another process."""
    return (
        *_DESCRIBED,
        *(("address",) if caller.address else ()),
        *(_ACCOUNT if caller.is_account_known else ()),
    )


def _renew(gathered: Gathered, lives: Lives) -> None:
    """Whoever is heard of lives, also when another process took it for gone meanwhile."""
    now = timezone.now()
    for some in _batches(gathered.connected):
        theirs = SessionRecord.objects.filter(uid__in=some)
        theirs.filter(transport__in=CONNECTED).update(expires=now + lives.of(CONNECTED[0]))
        theirs.exclude(transport__in=CONNECTED).update(expires=now + lives.of("http"))
    for some in _batches({*gathered.connected, *gathered.seen}):
        expired = SessionRecord.objects.filter(uid__in=some, state=SessionRecord.State.EXPIRED)
        expired.update(state=SessionRecord.State.LIVE, ended=None)


def _count(gathered: Gathered) -> None:
    counts: dict[str, list[int]] = {}
    for call in gathered.calls:
        one = counts.setdefault(call.uid, [0, 0])
        one[0] += 1
        one[1] += call.outcome != "ok"
    rows = []
    for uid in sorted({*gathered.running, *counts} - {""}):
        running = gathered.running.get(uid, 0)
        rows.append((*counts.get(uid, (0, 0)), running, running, uid))
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_COUNT.format(table=SessionRecord._meta.db_table), rows)


def _end(gathered: Gathered) -> None:
    by_reason: dict[str, list[str]] = {}
    for uid, (_, reason) in gathered.ended.items():
        by_reason.setdefault(reason, []).append(uid)
    for reason, uids in by_reason.items():
        for some in _batches(uids):
            live = SessionRecord.objects.filter(uid__in=some, state=SessionRecord.State.LIVE)
            live.update(state=reason, ended=moment(gathered.ended[some[0]][0]), in_flight=0)


def _session(session: Session, seen: float, caller: CallerDetails, lives: Lives) -> SessionRecord:
    is_visit = isinstance(session, ClientWithoutSession)
    return SessionRecord(
        uid=session.uid,
        transport=session.transport,
        visitor=session.key if isinstance(session, ClientWithoutSession) else "",
        address=_text(caller.address, 64),
        revision=_text(session.revision or (caller.revision if caller.revision in STATELESS else ""), 12),
        client_name=_text(session.client.get("name", "") or caller.client_name, 120),
        client_version=_text(session.client.get("version", "") or caller.client_version, 60),
        principal=_whole(session.principal.key, LONGEST_PRINCIPAL),
        uses_configured_account=caller.is_configured,
        **_account(caller),
        process="" if is_visit else lives.process,
        created=moment(session.created),
        last_seen=moment(seen),
        expires=moment(seen) + lives.of(session.transport),
    )


def _call(call: Call) -> CallRecord:
    return CallRecord(
        session_id=call.uid or None,
        principal=_whole(call.principal, LONGEST_PRINCIPAL),
        client_name=_text(call.caller.client_name, 120),
        client_version=_text(call.caller.client_version, 60),
        address=_text(call.caller.address, 64),
        tool=_text(call.tool, 64),
        transport=call.transport,
        outcome=call.outcome,
        began=moment(call.began),
        milliseconds=call.milliseconds,
        upstream=call.upstream,
        digest=call.digest,
        arguments=_storable(orjson.loads(call.arguments)) if call.arguments else None,
        **_account(call.caller),
    )


def _whole(name: str, longest: int) -> str:
    """A name that stays different from every other one, however long both are."""
    text = str(name).replace("\x00", "�")
    digest = hashlib.sha256(name.encode()).hexdigest()
    return text if len(text) <= longest else f"{text[: longest - len(digest) - 1]}#{digest}"


def _text(value: Any, longest: int) -> str:
    """PostgreSQL takes no NUL in a text, and one client must not spoil the history of all."""
    return str(value or "").replace("\x00", "�")[:longest]


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "�")
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(item) for name, item in value.items()}
    return value


def moment(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)


def _batches(uids: Iterable[str]) -> Iterator[list[str]]:
    """In one order everywhere, so that processes that write the same sessions never wait in a circle."""
    ordered = sorted(uids)
    for first in range(0, len(ordered), _BATCH):
        yield ordered[first : first + _BATCH]
