"""Callers without a session, as operators see them.

A stateless client and a bare POST leave no session behind, and yet somebody calls. Such a caller is one visitor: an
authenticated principal with one of its clients or, where nobody is authenticated, whoever calls from one address. What
strangers say of themselves does not tell them apart, for anybody could make up as many names as they like.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import orjson

from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.sessions.session import Session

log = logging.getLogger("gauzy_mcp.engine")

PREFIX: Final = "visitor-"
LONGEST: Final = 120
"""Characters of a client's name that count."""

MOST: Final = 10_000
"""AnonymousClients that one process tells apart at a time; the calls of further ones are kept without a visitor."""

MOST_STRANGERS: Final = 1_000
MOST_CLIENTS: Final = 20
"""Of one principal."""

Who = tuple[str, str, str, bool]
"""The principal, its client or else a stranger's address, the transport, and whether the era is the stateless one."""


@dataclass(slots=True)
class ClientWithoutSession(Session):
    """``id`` is empty, for nothing is kept in the session store; ``uid`` is the same in every process and at every
    visit. ``key`` is that name too, also where ``uid`` names one visit. ``address`` is a stranger's."""

    key: str = ""
    address: str = ""


@dataclass(slots=True)
class _Known:
    key: str
    group: str
    seen: float


class AnonymousClients:
    """``key`` is secret, so that the name of a visitor tells no address. A visit ends after ``ttl_seconds`` unused."""

    def __init__(self, key: bytes, ttl_seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._key = key
        self._ttl = ttl_seconds
        self._clock = clock
        self._known: OrderedDict[Who, _Known] = OrderedDict()
        self._many: Counter[str] = Counter()
        self._is_full = False

    def of(self, context: RequestContext) -> ClientWithoutSession | None:
        """Who asks in ``context``; None when there are too many to tell them apart."""
        principal, now = context.principal, time.time()
        name = str(context.client.get("name", ""))[:LONGEST] if principal.key else context.address
        known = self._enter((principal.key, name, context.transport, context.stateless))
        if known is None:
            return None
        return ClientWithoutSession(
            "",
            context.transport,
            created=now,
            last_seen=now,
            uid=known.key,
            key=known.key,
            revision=context.revision,
            client=dict(context.client),
            principal=principal,
            address="" if principal.key else context.address,
        )

    def _enter(self, who: Who) -> _Known | None:
        now, group = self._clock(), who[0]
        self._forget(now - self._ttl)
        known = self._known.get(who)
        if known is None:
            most = MOST_CLIENTS if group else MOST_STRANGERS
            if len(self._known) >= MOST or self._many[group] >= most:
                self._tell_full()
                return None
            self._many[group] += 1
            known = self._known[who] = _Known(self._named(who), group, now)
        known.seen = now
        self._known.move_to_end(who)
        return known

    def _named(self, who: Who) -> str:
        return PREFIX + hmac.digest(self._key, orjson.dumps(who), hashlib.sha256).hex()[:20]

    def _forget(self, horizon: float) -> None:
        while self._known and (oldest := next(iter(self._known.values()))).seen < horizon:
            self._known.popitem(last=False)
            self._many[oldest.group] -= 1
            if not self._many[oldest.group]:
                del self._many[oldest.group]
            self._is_full = False

    def _tell_full(self) -> None:
        if not self._is_full:
            self._is_full = True
            log.warning("too many callers without a session to tell apart: calls of further ones name nobody")
