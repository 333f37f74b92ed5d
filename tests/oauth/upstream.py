"""A Gauzy that keeps what it is sent, for tests that need no event loop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

import httpx

from tests.gauzy.stand_in import StandIn as Gauzy
from tests.gauzy.stand_in import running as serving
from tests.oauth.knocking import call

PASSWORD = "s3cret-Passw0rd"


@contextlib.contextmanager
def gauzy() -> Iterator[Gauzy]:
    """A Gauzy that keeps every request it gets, in a thread of its own."""
    loop, ready, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    found: list[Gauzy] = []

    async def serve() -> None:
        async with serving() as upstream:
            found.append(upstream)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(20)
        loop.close()


def whoami(client: httpx.Client, token: str) -> str:
    status = call(client, token, "get_auth_status")["structuredContent"]
    return str(status.get("email", ""))
