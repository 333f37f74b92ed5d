"""Many projects, tasks and contacts in one call: each item has an outcome, and the bad one stops none of the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest

from mcp_tools.sandbox.demo import ident
from mcp_tools.sandbox.domains.projects import Projects
from mcp_tools.sandbox.http import Call, Refusal
from mcp_tools.sandbox.store import Row
from tests.domains.gauzy import Gauzy, Refused
from tests.domains.stored import changed, stored

NOBODYS: Final = "00000000-0000-4000-8000-000000000000"
UNWANTED: Final = "A project that Gauzy refuses"


@dataclass(frozen=True)
class Kind:
    """Tools, then ``new`` for a create, what Gauzy ``refused``, and a ``change`` with the ``columns`` it sets.

    ``title`` is the column of the name; ``created`` and ``updated`` are the arguments that hold the items.
    """

    create: str
    update: str
    delete: str
    get: str
    listing: str
    count: str
    title: str
    created: str
    updated: str
    new: dict[str, Any]
    refused: dict[str, Any]
    change: dict[str, Any]
    columns: set[str]
    existing: tuple[str, str]


KINDS: Final = {
    "project": Kind(
        "bulk_create_projects", "bulk_update_projects", "bulk_delete_projects",
        "get_project", "get_projects", "get_project_count", "name", "projects", "updates",
        {"name": "Zeppelin", "budget": 1000, "status": "open", "currency": "USD", "billable": True},
        {"name": UNWANTED},
        {"status": "completed", "budget": 5}, {"status", "budget"},
        (ident("project", "Apollo"), ident("project", "Mobile App")),
    ),
    "task": Kind(
        "bulk_create_tasks", "bulk_update_tasks", "bulk_delete_tasks",
        "get_task", "get_tasks", "get_task_count", "title", "tasks", "updates",
        {"title": "Fly", "priority": "high", "issueType": "bug", "estimateSeconds": 600},
        {"title": "Land", "projectId": NOBODYS},
        {"priority": "urgent", "estimateSeconds": 60}, {"priority", "estimate"},
        (ident("task", "APO-1"), ident("task", "WEB-2")),
    ),
    "contact": Kind(
        "bulk_create_organization_contacts", "bulk_update_organization_contacts", "bulk_delete_organization_contacts",
        "get_organization_contact", "get_organization_contacts", "get_organization_contact_count", "name", "contacts",
        "contacts",
        {"name": "Zephyr", "contactType": "LEAD", "primaryEmail": "z@zephyr.example", "city": "Porto"},
        {"name": "Nobody's", "contactType": "LEAD", "memberIds": [NOBODYS]},
        {"primaryPhone": "+1 5", "city": "Bergen"}, {"primaryPhone", "contact.city"},
        (ident("contact", "Brightside Logistics"), ident("contact", "Harbor Insurance")),
    ),
}  # fmt: skip

each_kind = pytest.mark.parametrize("name", KINDS)


def outcomes(told: dict[str, Any]) -> list[bool]:
    """Whether each item went well, once the numbers agree and each failure says why."""
    results = told["results"]
    found = [result["ok"] for result in results]
    assert (told["succeeded"], told["failed"]) == (found.count(True), found.count(False))
    assert [result["index"] for result in results] == list(range(len(results)))
    assert all(result.get("error") for result in results if not result["ok"])
    return found


def told_as(argument: str) -> str:
    """The name that an argument has in the record."""
    return "estimate" if argument == "estimateSeconds" else argument


@pytest.fixture(autouse=True)
def _refuses_one_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox takes every project that the schema lets through, so one of them is refused here."""
    insert: Callable[[Projects, Call, Row], Row] = Projects.insert

    def refusing(self: Projects, call: Call, body: Row) -> Row:
        if body["name"] == UNWANTED:
            raise Refusal(400, ["name must be unique"])
        return insert(self, call, body)

    monkeypatch.setattr(Projects, "insert", refusing)


@each_kind
async def test_the_good_ones_are_made_and_the_bad_one_is_told(gauzy: Gauzy, name: str) -> None:
    kind = KINDS[name]
    second = {**kind.new, kind.title: f"{kind.new[kind.title]} II"}
    before = (await gauzy.call(kind.count))["count"]
    told = await gauzy.call(kind.create, confirm=True, **{kind.created: [kind.new, kind.refused, second]})
    assert outcomes(told) == [True, False, True]
    assert (await gauzy.call(kind.count))["count"] == before + 2
    for result, given in zip((told["results"][0], told["results"][2]), (kind.new, second), strict=True):
        shown = await gauzy.call(kind.get, id=result["id"])
        for column, value in given.items():
            assert shown.get(told_as(column)) == value, column


@each_kind
async def test_only_what_is_given_changes(gauzy: Gauzy, name: str) -> None:
    kind = KINDS[name]
    one, untouched = kind.existing
    before, beside = await stored(gauzy, name, one), await stored(gauzy, name, untouched)
    items = [{"id": one, **kind.change}, {"id": NOBODYS, **kind.change}, {"id": untouched}]
    told = await gauzy.call(kind.update, confirm=True, **{kind.updated: items})
    assert outcomes(told) == [True, False, False]
    assert told["results"][0]["id"] == one
    assert "Nothing to change" in told["results"][2]["error"]
    after = await stored(gauzy, name, one)
    assert changed(before, after) == kind.columns
    assert changed(beside, await stored(gauzy, name, untouched)) == set()
    shown = await gauzy.call(kind.get, id=one)
    assert shown[kind.title] == before[kind.title]
    assert [shown.get(told_as(key)) for key in kind.change] == [*kind.change.values()]
    with pytest.raises(Refused, match=r"not found|404"):
        await gauzy.call(kind.get, id=NOBODYS)


@each_kind
async def test_the_named_ones_are_deleted_and_no_others(gauzy: Gauzy, name: str) -> None:
    kind = KINDS[name]
    everything = {row["id"] for row in (await gauzy.call(kind.listing, limit=100))["items"]}
    one, two = kind.existing
    told = await gauzy.call(kind.delete, ids=[one, NOBODYS, two], confirm=True)
    assert outcomes(told) == [True, False, True]
    assert {row["id"] for row in (await gauzy.call(kind.listing, limit=100))["items"]} == everything - {one, two}
    again = await gauzy.call(kind.delete, ids=[one], confirm=True)
    assert outcomes(again) == [False]


@each_kind
async def test_nothing_is_deleted_before_somebody_agreed(gauzy: Gauzy, name: str) -> None:
    kind = KINDS[name]
    with pytest.raises(Refused, match="confirm"):
        await gauzy.call(kind.delete, ids=[*kind.existing])
    for record_id in kind.existing:
        await gauzy.call(kind.get, id=record_id)


@each_kind
async def test_an_item_that_fits_no_schema_stops_all(gauzy: Gauzy, name: str) -> None:
    kind = KINDS[name]
    before = (await gauzy.call(kind.count))["count"]
    for wrong in ({}, {**kind.new, "unheardOf": 1}):
        with pytest.raises(Refused):
            await gauzy.call(kind.create, confirm=True, **{kind.created: [kind.new, wrong]})
    assert (await gauzy.call(kind.count))["count"] == before
    unchanged = await stored(gauzy, name, kind.existing[0])
    items = [{"id": kind.existing[0], **kind.change}, {**kind.change}]
    with pytest.raises(Refused, match="id"):
        await gauzy.call(kind.update, confirm=True, **{kind.updated: items})
    assert await stored(gauzy, name, kind.existing[0]) == unchanged


async def test_whoever_may_not_delete_is_told_for_each(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    for name in ("project", "task"):
        ids = [*KINDS[name].existing]
        assert outcomes(await emma.call(KINDS[name].delete, ids=ids, confirm=True)) == [False, False]
        for record_id in ids:
            assert (await gauzy.call(KINDS[name].get, id=record_id))["id"] == record_id
