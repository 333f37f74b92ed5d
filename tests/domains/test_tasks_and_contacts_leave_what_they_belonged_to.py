"""One task deleted, one contact changed or deleted: what hangs on them stays, and nothing else moves."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused
from tests.domains.stored import changed, stored

HARBOR, LUMEN = ident("contact", "Harbor Insurance"), ident("contact", "Lumen Academy")
ALEX = ident("employee", f"{demo.TENANT}/demo@gauzy.local")
APOLLO, TASK = ident("project", "Apollo"), ident("task", "APO-1")
NOBODYS = "00000000-0000-4000-8000-000000000000"


async def test_a_deleted_task_is_gone_and_its_time_its_parts_and_its_plans_stay(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_task", title="Whole", projectId=APOLLO)
    part = await gauzy.call("create_task", title="Part", projectId=APOLLO, parentId=made["id"])
    hours = {"startedAt": "2031-05-05T09:00:00Z", "stoppedAt": "2031-05-05T10:00:00Z"}
    log = await gauzy.call("add_time_log", taskId=made["id"], projectId=APOLLO, **hours)
    plan = await gauzy.call("create_daily_plan", date="2031-05-05", workTimePlanned=6, taskId=made["id"])
    before = (await gauzy.call("get_task_count", projectId=APOLLO))["count"]
    beside = await stored(gauzy, "task", TASK)

    assert await gauzy.call("delete_task", id=made["id"], confirm=True) == {"id": made["id"], "deleted": True}

    assert (await gauzy.call("get_task_count", projectId=APOLLO))["count"] == before - 1
    with pytest.raises(Refused, match="not found"):
        await gauzy.call("get_task", id=made["id"])
    assert "parentId" not in await gauzy.call("get_task", id=part["id"])
    kept = await gauzy.call("get_time_log", id=log["id"])
    assert (kept["duration"], kept.get("taskId"), kept["projectId"]) == (3600, None, APOLLO)
    assert (await gauzy.call("get_daily_plan", id=plan["id"]))["tasks"] == []
    assert changed(beside, await stored(gauzy, "task", TASK)) == set()


async def test_a_task_that_is_not_there_or_not_ones_to_delete_is_refused(gauzy: Gauzy) -> None:
    with pytest.raises(Refused, match="not found"):
        await gauzy.call("delete_task", id=NOBODYS, confirm=True)
    emma = await gauzy.sign_in("employee@gauzy.local")
    with pytest.raises(Refused, match="no permission"):
        await emma.call("delete_task", id=TASK, confirm=True)
    assert (await gauzy.call("get_task", id=TASK))["title"] == demo.TASKS["Apollo"][0]


@pytest.mark.parametrize(("change", "columns"), [
    ({"primaryPhone": "+49 1", "notes": "Call first"}, {"primaryPhone", "notes"}),
    ({"name": "Harbour Insurance"}, {"name"}),
    ({"contactType": "CUSTOMER"}, {"contactType"}),
    ({"city": "Bremen"}, {"contact.city"}),
    ({"country": "AT", "address": "Ring 1"}, {"contact.country", "contact.address"}),
    ({"budget": 12.5, "budgetType": "hours"}, {"budget", "budgetType"}),
    ({"memberIds": [ALEX]}, {"members"}),
    ({"tagIds": []}, {"tags"}),
    ({"projectIds": [APOLLO]}, {"projects"}),
    ({"clear": ["primaryPhone"]}, {"primaryPhone"}),
    ({"clear": ["city", "memberIds"]}, {"contact.city", "members"}),
])  # fmt: skip
async def test_a_contact_changes_in_what_is_given_alone(
    gauzy: Gauzy, change: dict[str, Any], columns: set[str]
) -> None:  # fmt: skip
    before, beside = await stored(gauzy, "contact", HARBOR), await stored(gauzy, "contact", LUMEN)
    await gauzy.call("update_organization_contact", id=HARBOR, **change)
    assert changed(before, await stored(gauzy, "contact", HARBOR)) == columns
    assert changed(beside, await stored(gauzy, "contact", LUMEN)) == set()


async def test_a_changed_contact_is_found_by_its_new_values_and_no_longer_by_the_old(gauzy: Gauzy) -> None:
    await gauzy.call("update_organization_contact", id=HARBOR, name="Quayside", primaryEmail="q@quay.example")
    found = await gauzy.call("get_organization_contacts", name="quayside", email="quay.example")
    assert [(row["id"], row["city"], row["country"]) for row in found["items"]] == [(HARBOR, "Hamburg", "DE")]
    assert (await gauzy.call("get_organization_contacts", name="Harbor"))["total"] == 0
    shown = await gauzy.call("get_organization_contact", id=HARBOR)
    assert (shown["primaryEmail"], shown["contact"]["website"]) == ("q@quay.example", "https://harbor.example")


@pytest.mark.parametrize("wrong", [
    {"id": HARBOR},
    {"id": HARBOR, "contactType": "FRIEND"},
    {"id": HARBOR, "primaryEmail": "nobody"},
    {"id": HARBOR, "memberIds": [NOBODYS]},
    {"id": HARBOR, "name": ""},
    {"id": HARBOR, "clear": ["name"]},
    {"id": NOBODYS, "name": "x"},
    {"name": "x"},
])  # fmt: skip
async def test_a_wrong_change_of_a_contact_changes_nothing(gauzy: Gauzy, wrong: dict[str, Any]) -> None:
    before = await stored(gauzy, "contact", HARBOR)
    with pytest.raises(Refused):
        await gauzy.call("update_organization_contact", **wrong)
    assert await stored(gauzy, "contact", HARBOR) == before
    assert (await gauzy.call("get_organization_contact_count"))["count"] == len(demo.CLIENTS), "Gauzy would add one"


async def test_a_deleted_contact_is_gone_and_the_others_stay(gauzy: Gauzy) -> None:
    beside = await stored(gauzy, "contact", HARBOR)
    assert await gauzy.call("delete_organization_contact", id=LUMEN, confirm=True) == {"id": LUMEN, "deleted": True}
    listed = {row["name"] for row in (await gauzy.call("get_organization_contacts", limit=100))["items"]}
    assert listed == {client.name for client in demo.CLIENTS} - {"Lumen Academy"}
    for gone in (LUMEN, NOBODYS):
        with pytest.raises(Refused, match="not found"):
            await gauzy.call("delete_organization_contact", id=gone, confirm=True)
    assert changed(beside, await stored(gauzy, "contact", HARBOR)) == set()
