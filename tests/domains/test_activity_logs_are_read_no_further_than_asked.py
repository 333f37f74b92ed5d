"""Days are tested here, page after page: reading ends with the first page that is too old."""

from __future__ import annotations

from typing import Any

from tests.catalog.recorder import Asked, Recorder, call

DAYS = [f"2026-{12 - day // 28:02}-{28 - day % 28:02}" for day in range(300)]
HISTORY = [{"id": day, "createdAt": f"{day}T08:00:00.000Z"} for day in DAYS]


def pages(asked: Asked) -> dict[str, Any]:
    query = dict(asked.query)
    take, number = int(query["take"]), int(query["skip"])
    return {"items": HISTORY[(number - 1) * take : number * take], "total": len(HISTORY)}


async def test_the_first_day_ends_it() -> None:
    gauzy = Recorder().on("GET", "/activity-log", pages)
    found = await call(gauzy, "get_activity_logs", startDate="2026-12-20", limit=100)
    assert (len(found["items"]), found["total"]) == (9, 9)
    assert len(gauzy.asked) == 1


async def test_without_one_everything_is_read() -> None:
    gauzy = Recorder().on("GET", "/activity-log", pages)
    found = await call(gauzy, "get_activity_logs", endDate="2026-02-28", limit=100)
    assert found["total"] == sum(row["createdAt"] < "2026-03-01" for row in HISTORY)
    assert len(gauzy.asked) == 3


async def test_the_oldest_first_is_read_to_its_end() -> None:
    gauzy = Recorder().on("GET", "/activity-log", pages)
    await call(gauzy, "get_activity_logs", startDate="2026-12-20", sort="createdAt")
    assert len(gauzy.asked) == 3


async def test_the_order_goes_by_the_names_of_that_route() -> None:
    gauzy = Recorder().on("GET", "/activity-log", pages)
    await call(gauzy, "get_activity_logs", sort="-entity", entity="task", page=2)
    query = dict(gauzy.asked[0].query)
    assert (query["orderBy"], query["order"], query["entity"], query["skip"]) == ("entity", "DESC", "Task", "2")
