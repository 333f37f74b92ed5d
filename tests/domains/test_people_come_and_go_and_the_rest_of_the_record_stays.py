"""Assigning and unassigning touch nobody and nothing but the employee named."""

from __future__ import annotations

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused
from tests.domains.stored import changed, stored

EMMA, GRACE, MARCO = (
    ident("employee", f"{demo.TENANT}/{who}@gauzy.local") for who in ("employee", "grace.okafor", "manager")
)  # fmt: skip
APOLLO = ident("project", "Apollo")
RECORDS = {"project": APOLLO, "task": ident("task", "APO-1"), "contact": ident("contact", "Brightside Logistics")}
TOOLS = {
    "project": ("assign_project_to_employee", "unassign_project_from_employee", "get_projects_by_employee"),
    "task": ("assign_task_to_employee", "unassign_task_from_employee", "get_tasks_by_employee"),
    "contact": (
        "assign_contact_to_employee", "unassign_contact_from_employee", "get_organization_contacts_by_employee",
    ),
}  # fmt: skip
ARGUMENTS = {"project": "projectId", "task": "taskId", "contact": "contactId"}

each_kind = pytest.mark.parametrize("kind", RECORDS)


async def listed(gauzy: Gauzy, kind: str, employee_id: str) -> set[str]:
    """What a list shows of an employee."""
    return {row["id"] for row in (await gauzy.call(TOOLS[kind][2], employeeId=employee_id, limit=100))["items"]}


@each_kind
async def test_a_list_of_the_employee_gains_and_loses_the_record(gauzy: Gauzy, kind: str) -> None:
    given = {ARGUMENTS[kind]: RECORDS[kind], "employeeId": GRACE}
    before = await listed(gauzy, kind, GRACE)
    assert RECORDS[kind] not in before
    await gauzy.call(TOOLS[kind][0], **given)
    assert await listed(gauzy, kind, GRACE) == before | {RECORDS[kind]}
    await gauzy.call(TOOLS[kind][1], **given)
    assert await listed(gauzy, kind, GRACE) == before


@each_kind
async def test_the_other_columns_and_people_stay(gauzy: Gauzy, kind: str) -> None:
    given = {ARGUMENTS[kind]: RECORDS[kind], "employeeId": GRACE}
    before = await stored(gauzy, kind, RECORDS[kind])
    answer = await gauzy.call(TOOLS[kind][0], **given)
    with_grace = await stored(gauzy, kind, RECORDS[kind])
    assert changed(before, with_grace) <= {"members", "membersCount"}
    assert sorted(with_grace["members"]) == sorted([*before["members"], (GRACE, False)])
    assert answer["name"] == before["title" if kind == "task" else "name"]
    await gauzy.call(TOOLS[kind][1], **given)
    assert changed(before, await stored(gauzy, kind, RECORDS[kind])) <= {"membersCount"}


async def test_a_manager_who_is_assigned_again_still_manages(gauzy: Gauzy) -> None:
    before = await stored(gauzy, "project", APOLLO)
    assert (MARCO, True) in before["members"]
    await gauzy.call("assign_project_to_employee", projectId=APOLLO, employeeId=MARCO)
    assert (await stored(gauzy, "project", APOLLO))["members"] == before["members"]


async def test_an_employee_hands_over_a_task(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    made = await emma.call("create_task", title="Draw the map", projectId=APOLLO)
    await emma.call("assign_task_to_employee", taskId=made["id"], employeeId=GRACE)
    await emma.call("unassign_task_from_employee", taskId=made["id"], employeeId=EMMA)
    grace = await gauzy.sign_in("grace.okafor@gauzy.local")
    assert [row["id"] for row in (await grace.call("get_my_tasks", search="Draw the map"))["items"]] == [made["id"]]
    assert (await emma.call("get_my_tasks", search="Draw the map"))["total"] == 0


async def test_nobody_without_the_permission_assigns(gauzy: Gauzy) -> None:
    viewer = await gauzy.sign_in("viewer@gauzy.local")
    for kind, record_id in RECORDS.items():
        before = await stored(gauzy, kind, record_id)
        member, _ = before["members"][0]
        for name, employee_id in zip(TOOLS[kind][:2], (GRACE, member), strict=True):
            with pytest.raises(Refused, match="no permission"):
                await viewer.call(name, **{ARGUMENTS[kind]: record_id, "employeeId": employee_id})
        assert changed(before, await stored(gauzy, kind, record_id)) == set()
