"""Visits: a caller without a session has one row per stretch of activity, whichever processes it calls.

A visitor's name is always the same, so the rows decide: while the last one is live, whatever the visitor does belongs
there. The name of the next row follows from the last one, so processes that begin it at once begin the same.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

from django.utils import timezone

from mcp_tools.dispatch.anonymous_clients import PREFIX
from mcp_tools.operations.gathering import Gathered
from mcp_tools.operations.models import SessionRecord

_BATCH: Final = 500


def placed(gathered: Gathered) -> Gathered:
    """``gathered`` with the names of visits instead of those of visitors; the other sessions stay as they are."""
    mentioned = (*gathered.seen, *gathered.connected, *gathered.running, *(call.uid for call in gathered.calls))
    visitors = {uid for uid in mentioned if uid.startswith(PREFIX)}
    if not visitors:
        return gathered
    visits = _visits(visitors, gathered.seen.keys())

    def name(uid: str) -> str:
        return visits.get(uid, uid)

    return Gathered(
        seen={name(uid): (dataclasses.replace(one, uid=name(uid)), at) for uid, (one, at) in gathered.seen.items()},
        callers={name(uid): one for uid, one in gathered.callers.items()},
        connected={name(uid): one for uid, one in gathered.connected.items()},
        ended=gathered.ended,
        running={name(uid): change for uid, change in gathered.running.items()},
        calls=[dataclasses.replace(call, uid=name(call.uid)) for call in gathered.calls],
    )


def _visits(visitors: Iterable[str], seen: Iterable[str]) -> Mapping[str, str]:
    """The visit of each visitor: the live one, a new one for whoever was seen after it, else the last; or ''."""
    wanted, here = sorted(visitors), set(seen)
    found: dict[str, str] = {}
    for first in range(0, len(wanted), _BATCH):
        some = wanted[first : first + _BATCH]
        live = SessionRecord.objects.filter(
            visitor__in=some, state=SessionRecord.State.LIVE, expires__gte=timezone.now()
        )
        found |= dict(live.order_by("created").values_list("visitor", "uid"))
        for visitor in set(some) - found.keys():
            last = _last(visitor)
            found[visitor] = _following(visitor, last) if visitor in here else last
    return found


def _last(visitor: str) -> str:
    visits = SessionRecord.objects.filter(visitor=visitor).order_by("-created")
    return visits.values_list("uid", flat=True).first() or ""


def _following(visitor: str, last: str) -> str:
    return "v" + hashlib.sha256(f"{visitor} {last}".encode()).hexdigest()[:16]
