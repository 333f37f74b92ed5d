"""Gauzy's own update of a policy destroys its requests; ours never does, and a deletion says what would go."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.gauzy.errors import Invalid
from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

EMMA = ident("employee", f"{demo.TENANT}/employee@gauzy.local")
ALEX = ident("employee", f"{demo.TENANT}/demo@gauzy.local")
VACATION = ident("TimeOffPolicy", "Vacation")


async def under(gauzy: Gauzy, policy_id: str) -> set[str]:
    rows = (await gauzy.call("get_time_off_requests", policyId=policy_id, limit=100))["items"]
    return {row["id"] for row in rows}


async def made(gauzy: Gauzy, **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = await gauzy.call("create_time_off_policy", name="Study leave", employeeIds=[EMMA], **more)
    return row


async def test_a_policy_is_made_found_and_deleted(gauzy: Gauzy) -> None:
    row = await made(gauzy, paid=False)
    assert (row["paid"], row["requiresApproval"], row["employeeNames"]) == (False, True, ["Emma Fischer"])
    listed = await gauzy.call("get_time_off_policies", search="study")
    assert [one["id"] for one in listed["items"]] == [row["id"]]
    unpaid = await gauzy.call("get_time_off_policies", paid=False, limit=100)
    assert {one["name"] for one in unpaid["items"]} == {"Study leave", "Unpaid leave"}
    assert (await gauzy.call("get_time_off_policy", id=row["id"]))["employeeIds"] == [EMMA]
    await gauzy.call("delete_time_off_policy", id=row["id"])
    with pytest.raises(Refused):
        await gauzy.call("get_time_off_policy", id=row["id"])


async def test_a_changed_policy_keeps_every_request_under_a_new_id(gauzy: Gauzy) -> None:
    before = await under(gauzy, VACATION)
    told = await gauzy.call("update_time_off_policy", id=VACATION, name="Annual leave", requiresApproval=False)
    assert (told["replacedId"], told["movedRequests"]) == (VACATION, len(before))
    assert await under(gauzy, told["id"]) == before
    shown = await gauzy.call("get_time_off_policy", id=told["id"])
    assert (shown["name"], shown["requiresApproval"], shown["paid"]) == ("Annual leave", False, True)
    assert len(shown["employeeIds"]) > 10, "its employees came along"
    with pytest.raises(Refused):
        await gauzy.call("get_time_off_policy", id=VACATION)


async def test_employees_are_added_without_losing_requests(gauzy: Gauzy) -> None:
    row = await made(gauzy)
    days = {"startDate": "2031-05-05", "endDate": "2031-05-09", "employeeIds": [EMMA]}
    asked = await gauzy.call("create_time_off_request", policyId=row["id"], **days)
    told = await gauzy.call("assign_employees_to_time_off_policy", policyId=row["id"], employeeIds=[ALEX, EMMA])
    assert set(told["employeeIds"]) == {EMMA, ALEX}
    assert await under(gauzy, told["id"]) == {asked["id"]}
    same = await gauzy.call("assign_employees_to_time_off_policy", policyId=told["id"], employeeIds=[ALEX])
    assert (same["id"], same["movedRequests"]) == (told["id"], 0)


async def test_a_policy_with_requests_is_deleted_only_when_that_is_meant(gauzy: Gauzy) -> None:
    before = await under(gauzy, VACATION)
    with pytest.raises(Refused, match=f"{len(before)} time-off requests"):
        await gauzy.call("delete_time_off_policy", id=VACATION)
    assert await under(gauzy, VACATION) == before
    told = await gauzy.call("delete_time_off_policy", id=VACATION, withRequests=True)
    assert told["deletedRequests"] == len(before)
    assert await under(gauzy, VACATION) == set()


@pytest.mark.parametrize("wrong", [{}, {"employeeIds": ["x"]}, {"name": ""}, {"type": "VACATION"}])
async def test_a_change_that_is_none_destroys_nothing(gauzy: Gauzy, wrong: dict[str, Any]) -> None:
    before = await under(gauzy, VACATION)
    with pytest.raises(Refused):
        await gauzy.call("update_time_off_policy", id=VACATION, **wrong)
    assert await under(gauzy, VACATION) == before
    assert (await gauzy.call("get_time_off_policy", id=VACATION))["name"] == "Vacation"


async def test_the_route_that_is_not_used_would_have_destroyed_them(gauzy: Gauzy) -> None:
    assert await under(gauzy, VACATION)
    with pytest.raises(Invalid):
        await gauzy.request("PUT", f"/time-off-policy/{VACATION}", body={"name": "Annual leave"})
    assert await under(gauzy, VACATION) == set()


async def test_an_employee_may_not_touch_policies(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    for name, arguments in (
        ("get_time_off_policies", {}),
        ("get_time_off_policy", {"id": VACATION}),
        ("update_time_off_policy", {"id": VACATION, "name": "Mine"}),
        ("delete_time_off_policy", {"id": VACATION, "withRequests": True}),
        ("create_time_off_policy", {"name": "Mine"}),
    ):
        with pytest.raises(Refused, match="no permission"):
            await emma.call(name, **arguments)
