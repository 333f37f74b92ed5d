"""What happened since the history was last written: plain data, gathered on the loop and stored by a thread."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from mcp_tools.dispatch.observers import UNKNOWN_CALLER, CallerDetails, Operation
from mcp_tools.protocol import redaction
from mcp_tools.sessions.session import Session

MAX_ARGUMENTS: Final = 16 * 1024
"""Bytes of the arguments of one call, as JSON; of longer ones only the length is kept."""


@dataclass(frozen=True, slots=True)
class Call:
    """One finished tool call. ``began`` is Unix time, ``arguments`` JSON text, empty unless they are to be kept."""

    uid: str
    principal: str
    tool: str
    transport: str
    outcome: str
    began: float
    milliseconds: int
    upstream: int | None
    digest: str
    arguments: bytes
    caller: CallerDetails = UNKNOWN_CALLER


@dataclass(slots=True)
class Gathered:
    """By the ``uid`` of a session: its last use and by whom, its end, and by how much the number of its running calls
    changed. ``connected`` are sessions with an open connection here.
    """

    seen: dict[str, tuple[Session, float]] = field(default_factory=dict)
    callers: dict[str, CallerDetails] = field(default_factory=dict)
    connected: dict[str, Session] = field(default_factory=dict)
    ended: dict[str, tuple[float, str]] = field(default_factory=dict)
    running: dict[str, int] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def see(self, session: Session, caller: CallerDetails) -> None:
        self.seen[session.uid] = (session, time.time())
        if caller is not UNKNOWN_CALLER:
            self.callers[session.uid] = caller

    def run(self, uid: str, change: int) -> None:
        self.running[uid] = self.running.get(uid, 0) + change

    def end(self, uid: str, reason: str) -> None:
        """The first reason is the right one: an operator's termination also closes a connection."""
        self.ended.setdefault(uid, (time.time(), reason))

    def __len__(self) -> int:
        return len(self.seen) + len(self.connected) + len(self.ended) + len(self.running) + len(self.calls)

    def add(self, later: Gathered) -> None:
        """Takes in what was gathered after this."""
        self.seen |= later.seen
        self.callers |= later.callers
        self.connected = later.connected or self.connected
        self.ended = later.ended | self.ended
        for uid, change in later.running.items():
            self.run(uid, change)
        self.calls += later.calls


class Digests:
    """Makes calls of operations. ``key`` is for the digest of arguments; ``keeps`` is MCP_KEEP_ARGUMENTS."""

    def __init__(self, key: bytes, *, keeps: bool) -> None:
        self._key = key
        self._keeps = keeps

    def call(self, operation: Operation) -> Call:
        arguments = operation.arguments
        readable = operation.readable if operation.readable is not None else arguments
        return Call(
            uid=operation.uid,
            principal=operation.principal,
            tool=operation.tool,
            transport=operation.transport,
            outcome=operation.outcome,
            began=operation.began,
            milliseconds=int(operation.seconds * 1000),
            upstream=operation.upstream,
            digest=self._digest({} if arguments is None else arguments),
            arguments=_kept(readable) if self._keeps and isinstance(readable, Mapping) else b"",
            caller=operation.caller,
        )

    def _digest(self, arguments: Any) -> str:
        """The same arguments have the same digest, and nobody without the key can try values."""
        encoded = orjson.dumps(arguments, option=orjson.OPT_SORT_KEYS, default=str)
        return hmac.digest(self._key, encoded, hashlib.sha256).hex()


def _kept(arguments: Mapping[str, Any]) -> bytes:
    """What may be read later: a credential stays hidden however deep it stands, in text that is JSON too."""
    encoded = orjson.dumps(redaction.redacted(redaction.opened_inside(arguments)), default=str)
    return encoded if len(encoded) <= MAX_ARGUMENTS else orjson.dumps({"bytes": len(encoded)})
