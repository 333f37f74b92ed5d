"""Bulk tools: at most fifty items, some at once, an outcome for each, and one failure stops no other."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mcp_tools.catalog.bulk import AT_ONCE, MAX_ITEMS
from mcp_tools.dispatch.arguments import InvalidArguments
from mcp_tools.gauzy.errors import Forbidden, NotFound, SignInFailed
from mcp_tools.gauzy.identity import Identity
from tests.catalog.recorder import ID, Asked, Recorder, accepted, call

GONE = NotFound(("The requested record was not found",), 404)


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def titled(asked: Asked) -> dict[str, Any]:
    title = asked.body["title"]
    if title.startswith("bad"):
        raise Forbidden((f"no {title}",), 403)
    return {"id": f"id of {title}"}


async def test_fifty_items_are_fifty_requests_and_fifty_outcomes_in_order() -> None:
    context = Recorder().on("POST", "/tasks", titled)
    answer = await call(context, "bulk_create_tasks", tasks=[{"title": f"t{n}"} for n in range(MAX_ITEMS)])
    assert (answer["succeeded"], answer["failed"]) == (MAX_ITEMS, 0)
    assert answer["results"] == [{"index": n, "ok": True, "id": f"id of t{n}"} for n in range(MAX_ITEMS)]
    assert len(context.asked) == MAX_ITEMS
    assert context.reported == [(n + 1, MAX_ITEMS) for n in range(MAX_ITEMS)]


@pytest.mark.parametrize("number", [0, MAX_ITEMS + 1])
@pytest.mark.parametrize(("name", "items"), [("bulk_create_tasks", "tasks"), ("bulk_delete_projects", "ids")])
def test_no_items_or_more_than_fifty_are_refused(name: str, items: str, number: int) -> None:
    with pytest.raises(InvalidArguments, match=items):
        accepted(name, {items: [{"title": "x"} if items == "tasks" else ID] * number})


async def test_one_failure_stops_nobody() -> None:
    context = Recorder().on("POST", "/tasks", titled)
    answer = await call(context, "bulk_create_tasks", tasks=[{"title": t} for t in ("a", "bad b", "c", "bad d")])
    assert (answer["succeeded"], answer["failed"]) == (2, 2)
    assert [result["ok"] for result in answer["results"]] == [True, False, True, False]
    assert answer["results"][1] == {"index": 1, "ok": False, "error": "Gauzy refused this (403): no bad b"}


async def test_only_some_run_at_once_and_slow_ones_do_not_change_the_order() -> None:
    running = most = 0

    class Slow(Recorder):
        async def request(self, method: str, path: str, *, query: Any = (), body: Any = None) -> Any:
            nonlocal running, most
            running += 1
            most = max(most, running)
            for _ in range(30 - int(body["title"])):
                await asyncio.sleep(0)
            running -= 1
            return {"id": body["title"]}

    answer = await call(Slow(), "bulk_create_tasks", tasks=[{"title": str(n)} for n in range(30)])
    assert [result["id"] for result in answer["results"]] == [str(n) for n in range(30)]
    assert most == AT_ONCE


async def test_deleting_what_is_not_there_fails_for_that_item_alone() -> None:
    context = Recorder().on("GET", "/tasks/.*", {"id": ID}).on("GET", f"/tasks/{uuid(1)}", GONE)
    answer = await call(context, "bulk_delete_tasks", ids=[uuid(0), uuid(1), uuid(2)])
    assert [result["ok"] for result in answer["results"]] == [True, False, True]
    assert [asked.path for asked in context.sent("DELETE")] == [f"/tasks/{uuid(0)}", f"/tasks/{uuid(2)}"]


async def test_updates_send_only_what_each_item_gives() -> None:
    context = Recorder().on("GET", "/tasks/.*", {"id": ID, "title": "was", "status": "open", "priority": "low"})
    await call(
        context, "bulk_update_tasks", updates=[{"id": uuid(0), "status": "done"}, {"id": uuid(1), "title": "is"}]
    )
    bodies = {asked.path: asked.body for asked in context.sent("PUT")}
    assert (bodies[f"/tasks/{uuid(0)}"]["title"], bodies[f"/tasks/{uuid(0)}"]["status"]) == ("was", "done")
    assert (bodies[f"/tasks/{uuid(1)}"]["title"], bodies[f"/tasks/{uuid(1)}"]["status"]) == ("is", "open")
    assert "priority" not in bodies[f"/tasks/{uuid(0)}"]


async def test_an_item_without_a_change_fails_alone() -> None:
    context = Recorder().on("GET", "/tasks/.*", {"id": ID, "title": "was", "status": "open"})
    answer = await call(context, "bulk_update_tasks", updates=[{"id": uuid(0)}, {"id": uuid(1), "title": "is"}])
    assert [result["ok"] for result in answer["results"]] == [False, True]
    assert answer["results"][0]["error"].startswith("Nothing to change: give at least one of title")


async def test_who_cannot_sign_in_is_told_once_and_tried_once() -> None:
    tried = 0

    class Locked(Recorder):
        async def identity(self) -> Identity:
            nonlocal tried
            tried += 1
            raise SignInFailed("Gauzy refused the e-mail address or the password of ada@example.com")

    with pytest.raises(SignInFailed):
        await call(Locked(), "bulk_create_tasks", tasks=[{"title": "x"}] * MAX_ITEMS)
    assert tried == 1


async def test_cancelling_stops_the_items_that_have_not_begun() -> None:
    begun = asyncio.Event()

    class Stuck(Recorder):
        async def request(self, method: str, path: str, *, query: Any = (), body: Any = None) -> Any:
            self.asked.append(Asked(method, path, [], body))
            begun.set()
            await asyncio.Event().wait()

    context = Stuck()
    work = asyncio.create_task(call(context, "bulk_create_tasks", tasks=[{"title": "x"}] * MAX_ITEMS))
    await begun.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert len(context.asked) <= AT_ONCE
