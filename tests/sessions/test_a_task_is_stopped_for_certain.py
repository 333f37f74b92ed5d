from __future__ import annotations

import asyncio

from mcp_tools.sessions.stopping import stop


async def test_a_task_that_loses_a_cancellation_is_cancelled_again() -> None:
    lost = 0

    async def stubborn() -> None:
        nonlocal lost
        while lost < 2:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                lost += 1
        await asyncio.Event().wait()

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await stop(task)
    assert lost == 2
    assert task.cancelled()


async def test_a_task_that_failed_or_ended_before_is_stopped_already() -> None:
    async def fail() -> None:
        raise RuntimeError("on purpose")

    for work in (fail(), asyncio.sleep(0)):
        task = asyncio.ensure_future(work)
        await asyncio.wait({task})
        await stop(task)
