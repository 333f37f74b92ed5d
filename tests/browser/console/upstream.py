"""A server in front of a Gauzy that a test holds up, or takes away."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.gauzy.stand_in import StandIn
from tests.loops import loop_in_a_thread
from tests.processes import Server, server

ACCOUNT = {"GAUZY_AUTH_EMAIL": "slow@example.com", "GAUZY_AUTH_PASSWORD": "secret"}
PROJECTS = "/organization-projects/pagination"


@dataclass
class Upstream:
    """``arrived`` says that a request is held up, ``gone`` that it was given up.

    ``away`` and ``back`` end and begin serving.
    """

    gauzy: StandIn
    gone: threading.Event
    arrived: threading.Event
    away: Callable[[], None]
    back: Callable[[], None]


@contextlib.contextmanager
def upstream() -> Iterator[Upstream]:
    """Serves from a thread of its own: Playwright's loop has the main one. Lists of projects never come to an end."""
    with loop_in_a_thread() as loop, _serving(loop) as served:
        yield served


@contextlib.contextmanager
def _serving(loop: asyncio.AbstractEventLoop) -> Iterator[Upstream]:
    gauzy = StandIn()
    gauzy.add("slow@example.com", password="secret")
    gone, arrived = threading.Event(), threading.Event()
    runners: list[web.ServerRunner] = []

    async def never(request: web.BaseRequest) -> web.StreamResponse:
        arrived.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            gone.set()
            raise
        return web.Response()

    async def start(port: int = 0) -> None:
        runners.append(web.ServerRunner(web.Server(gauzy.handle, handler_cancellation=True), shutdown_timeout=0.1))
        await runners[-1].setup()
        await web.TCPSite(runners[-1], "127.0.0.1", port).start()
        gauzy.url = f"http://127.0.0.1:{runners[-1].addresses[0][1]}"

    def do(work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, loop).result(20)

    gauzy.on("GET", PROJECTS, never)
    do(start())
    try:
        yield Upstream(
            gauzy, gone, arrived,
            away=lambda: do(runners.pop().cleanup()),
            back=lambda: do(start(int(gauzy.url.rpartition(":")[2]))),
        )  # fmt: skip
    finally:
        for runner in runners:
            do(runner.cleanup())


@contextlib.contextmanager
def in_front_of(gauzy: StandIn) -> Iterator[Server]:
    with server({"API_BASE_URL": gauzy.url, "MCP_TRANSPORT": "http", **ACCOUNT}) as running:
        yield running
