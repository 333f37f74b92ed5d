"""A stand-in for Gauzy and ways to reach it, over the real network code, with time that does not pass."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from mcp_tools.gauzy.api import GauzyApi
from mcp_tools.gauzy.client import Credentials, GauzyClient, MemorySlot
from mcp_tools.gauzy.pool import ApiSettings
from tests.gauzy.stand_in import StandIn, running

MakeApi = Callable[..., GauzyApi]


class Time:
    """A clock that only waiting moves; ``waits`` are the seconds that were waited."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@pytest.fixture
async def gauzy() -> AsyncIterator[StandIn]:
    async with running() as stand_in:
        yield stand_in


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def make_api(time: Time) -> AsyncIterator[MakeApi]:
    made: list[GauzyApi] = []

    def make(url: str, *, timeout_ms: int = 20_000, **settings: Any) -> GauzyApi:
        made.append(GauzyApi(ApiSettings(url, timeout_ms, **settings), clock=time, sleep=time.sleep))
        return made[-1]

    yield make
    for api in made:
        await api.aclose()


@pytest.fixture
def api(gauzy: StandIn, make_api: MakeApi) -> GauzyApi:
    return make_api(gauzy.url)


async def signed_in(api: GauzyApi, gauzy: StandIn, email: str = "ada@example.com", **account: Any) -> GauzyClient:
    """A client of an account that has signed in by itself, as a session's: it knows no password."""
    known = gauzy.add(email, **account)
    slot = MemorySlot()
    await slot.save(await api.sign_in(email, known.password))
    return GauzyClient(api, slot)


def configured(api: GauzyApi, gauzy: StandIn, email: str = "ada@example.com", **account: Any) -> GauzyClient:
    """The client of a configured account, which may sign in again by itself."""
    return GauzyClient(api, MemorySlot(), Credentials(email, gauzy.add(email, **account).password))
