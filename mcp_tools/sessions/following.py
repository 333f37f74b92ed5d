"""Reading a stream of the event log as it grows, in whichever process the client asks."""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import secrets
from collections.abc import AsyncIterator
from typing import Final

import orjson

from mcp_tools.protocol.messages import RequestId, is_id
from mcp_tools.sessions.backplane import Backplane
from mcp_tools.sessions.events import BEGINNING, STANDALONE, Event, topic_of
from mcp_tools.sessions.leases import LEASE_SECONDS, RENEWALS

PATIENCE_SECONDS: Final = LEASE_SECONDS / RENEWALS + 0.5
"""How long a silent stream is trusted before somebody looks whether its call still runs.

Longer than a renewal takes: after Redis was away, leases that ran out meanwhile have to come back first.
"""

_MAX_ID: Final = 96


def stream_for(request_id: RequestId) -> str | None:
    """A fresh name for the stream that answers ``request_id``, which can be read back from it; None for a huge id."""
    encoded = orjson.dumps(request_id)
    if len(encoded) > _MAX_ID:
        return None
    return f"{base64.urlsafe_b64encode(encoded).decode().rstrip('=')}.{secrets.token_hex(4)}"


def request_of(stream: str) -> RequestId | None:
    """The request that a stream answers; None for the standalone stream and for what is no name of ours."""
    encoded = stream.partition(".")[0]
    try:
        found = orjson.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except (binascii.Error, ValueError):
        return None
    return found if is_id(found) else None


def lease_of(uid: str, stream: str) -> str:
    return f"{uid}:{stream}"


async def exists(plane: Backplane, uid: str, stream: str) -> bool:
    """Whether there is anything to follow."""
    if stream == STANDALONE or await plane.events.last(uid, stream) != BEGINNING:
        return True
    return await plane.leases.held(lease_of(uid, stream))


async def follow(plane: Backplane, uid: str, stream: str, after: str, interrupted: bytes) -> AsyncIterator[Event]:
    """The events that follow ``after``, then those to come, up to the end of the stream.

    A call whose process is gone ends with ``interrupted``, a whole JSON-RPC message.
    """
    woken = asyncio.Event()
    stop = plane.bus.listen(topic_of(uid, stream), lambda _: woken.set())
    try:
        while True:
            woken.clear()
            for event in await plane.events.after(uid, stream, after):
                after = event.id
                yield event
                if event.end:
                    return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await woken.wait()
            if not woken.is_set() and stream != STANDALONE:
                await _end_if_lost(plane, uid, stream, after, interrupted)
    finally:
        stop()


async def _end_if_lost(plane: Backplane, uid: str, stream: str, after: str, interrupted: bytes) -> None:
    if await plane.leases.held(lease_of(uid, stream)):
        return
    # The call may have ended between the last look and this one: then its own end is there already.
    if not await plane.events.after(uid, stream, after):
        await plane.events.append(uid, stream, interrupted, end=True)
