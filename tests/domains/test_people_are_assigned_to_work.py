"""Projects, tasks and contacts get and lose people one by one; whoever was there stays."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused
from tests.domains.gauzy import gauzy as running

ALEX = ident("employee", f"{demo.TENANT}/demo@gauzy.local")
GRACE = ident("employee", f"{demo.TENANT}/grace.okafor@gauzy.local")
NOBODYS = "00000000-0000-4000-8000-000000000000"
KINDS = [
    ("project", "projectId", ident("project", "Brand Guide")),
    ("task", "taskId", ident("task", "APO-1")),
    ("contact", "contactId", ident("contact", "Riverbend Museum")),
]

each_kind = pytest.mark.parametrize(("kind", "argument", "record_id"), KINDS)


def names(kind: str) -> tuple[str, str]:
    return f"assign_{kind}_to_employee", f"unassign_{kind}_from_employee"


@each_kind
async def test_somebody_is_added_and_taken_off_while_the_others_stay(
    gauzy: Gauzy, kind: str, argument: str, record_id: str
) -> None:
    add, take_off = names(kind)
    before = (await gauzy.call(take_off, **{argument: record_id, "employeeId": GRACE}))["employeeIds"]
    assert GRACE not in before
    for _ in range(2):
        assigned = await gauzy.call(add, **{argument: record_id, "employeeId": GRACE})
        assert sorted(assigned["employeeIds"]) == sorted([*before, GRACE])
    removed = await gauzy.call(take_off, **{argument: record_id, "employeeId": GRACE})
    assert sorted(removed["employeeIds"]) == sorted(before)


@each_kind
async def test_nobody_and_nothing_are_not_assigned(gauzy: Gauzy, kind: str, argument: str, record_id: str) -> None:
    add, take_off = names(kind)
    for record, employee in ((NOBODYS, GRACE), (record_id, NOBODYS)):
        with pytest.raises(Refused):
            await gauzy.call(add, **{argument: record, "employeeId": employee})
    with pytest.raises(Refused):
        await gauzy.call(take_off, **{argument: NOBODYS, "employeeId": GRACE})


async def test_an_employee_may_not_assign_projects_and_contacts(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    for kind, argument, record_id in (KINDS[0], KINDS[2]):
        with pytest.raises(Refused, match="no permission"):
            await emma.call(names(kind)[0], **{argument: record_id, "employeeId": GRACE})


async def test_the_contacts_of_an_employee_change_together(gauzy: Gauzy) -> None:
    museum, lumen = ident("contact", "Riverbend Museum"), ident("contact", "Lumen Academy")
    change = "update_organization_contact_by_employee"
    told = await gauzy.call(change, employeeId=ALEX, addContactIds=[museum], removeContactIds=[lumen])
    found = [row["id"] for row in told["items"]]
    assert museum in found
    assert lumen not in found
    mine = await gauzy.call("get_organization_contacts_by_employee", employeeId=ALEX, limit=100)
    assert {row["id"] for row in mine["items"]} == set(found)
    with pytest.raises(Refused, match=NOBODYS):
        await gauzy.call(change, employeeId=ALEX, addContactIds=[NOBODYS])
    with pytest.raises(Refused, match="Nothing to change"):
        await gauzy.call(change, employeeId=ALEX)


async def test_a_contact_is_invited_once_it_has_an_address(gauzy: Gauzy) -> None:
    told = await gauzy.call("invite_organization_contact", contactId=KINDS[2][2])
    assert (told["name"], told["inviteStatus"]) == ("Riverbend Museum", "INVITED")
    invited = await gauzy.call("get_organization_contacts", inviteStatus="INVITED", limit=100)
    assert told["id"] in [row["id"] for row in invited["items"]]
    bare = await gauzy.call("create_organization_contact", name="No address", contactType="LEAD")
    with pytest.raises(Refused, match="primaryEmail"):
        await gauzy.call("invite_organization_contact", contactId=bare["id"])


async def test_an_invitation_leads_to_the_configured_gauzy_only(tmp_path: Path) -> None:
    async with running(tmp_path, GAUZY_APP_URL="https://app.gauzy.example") as gauzy:
        invite = functools.partial(gauzy.call, "invite_organization_contact", contactId=KINDS[2][2])
        for elsewhere in ("https://evil.example", "https://app.gauzy.example.evil.example", "http://app.gauzy.example"):
            with pytest.raises(Refused, match=r"not the address of this Gauzy\. .* GAUZY_APP_URL"):
                await invite(appUrl=elsewhere)
        assert (await invite(appUrl="https://app.gauzy.example/some/page"))["inviteStatus"] == "INVITED"


async def test_projects_of_a_contact_are_listed(gauzy: Gauzy) -> None:
    client = ident("contact", "Brightside Logistics")
    listed = await gauzy.call("get_contact_projects", contactId=client, limit=100)
    expected = {project.name for project in demo.PROJECTS if project.client == "Brightside Logistics"}
    assert {row["name"] for row in listed["items"]} == expected
    assert (await gauzy.call("get_contact_projects", contactId=NOBODYS))["total"] == 0


async def test_statistics_agree_with_the_lists(gauzy: Gauzy) -> None:
    contacts = await gauzy.call("get_organization_contact_statistics")
    assert contacts["count"] == sum(contacts["by"]["contactType"].values()) == len(demo.CLIENTS)
    leads = await gauzy.call("get_organization_contact_count", contactType="LEAD")
    assert contacts["by"]["contactType"]["LEAD"] == leads["count"]


@pytest.mark.parametrize("chosen", [{}, {"projectId": ident("project", "Apollo")}, {"employeeId": ALEX}])
async def test_statistics_of_projects_and_tasks_agree_with_lists_and_totals(
    gauzy: Gauzy, chosen: dict[str, Any]
) -> None:
    period = {"period": "last_30_days"}
    projects = await gauzy.call("get_project_statistics", **chosen, **period)
    totals = await gauzy.call("get_time_totals", **chosen, **period)
    assert projects["hours"] == totals["hours"]
    assert sum(projects["by"]["status"].values()) == projects["count"]
    tasks = await gauzy.call("get_task_statistics", **chosen, **period)
    assert tasks["count"] == (await gauzy.call("get_task_count", **chosen))["count"]
    assert tasks["overdue"] == (await gauzy.call("get_tasks", overdue=True, **chosen))["total"] > 0
    assert sum(tasks["by"]["status"].values()) == tasks["count"]
    assert 0 < tasks["hours"] <= totals["hours"]
