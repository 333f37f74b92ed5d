"""Weekly timesheets, from handing in to approval; and only by those who may approve."""

from __future__ import annotations

import pytest

from tests.domains.gauzy import Gauzy, Refused

NOBODYS = "00000000-0000-4000-8000-000000000000"


async def test_timesheets_are_submitted_approved_and_reopened(gauzy: Gauzy) -> None:
    found = (await gauzy.call("list_timesheets", limit=2))["items"]
    ids = [row["id"] for row in found]
    assert all(row["employeeName"] and row["duration"] > 0 for row in found)
    submitted = await gauzy.call("submit_timesheets", ids=ids, action="submit")
    assert all(row["submittedAt"] for row in submitted["items"])
    approved = await gauzy.call("set_timesheet_status", ids=ids, status="APPROVED")
    assert [(row["status"], bool(row["approvedAt"])) for row in approved["items"]] == [("APPROVED", True)] * 2
    listed = await gauzy.call("list_timesheets", status="APPROVED", limit=100)
    assert set(ids) <= {row["id"] for row in listed["items"]}
    denied = await gauzy.call("set_timesheet_status", ids=ids[:1], status="DENIED")
    assert (denied["items"][0]["status"], denied["items"][0].get("approvedAt")) == ("DENIED", None)
    withdrawn = await gauzy.call("submit_timesheets", ids=ids, action="unsubmit")
    assert [row.get("submittedAt") for row in withdrawn["items"]] == [None, None]


@pytest.mark.calendar
async def test_they_are_listed_by_status_employee_and_week(gauzy: Gauzy) -> None:
    everything = await gauzy.call("list_timesheets", limit=100)
    waiting = await gauzy.call("list_timesheets", status="PENDING", limit=100)
    assert {row["status"] for row in waiting["items"]} == {"PENDING"}
    employee = everything["items"][0]["employeeId"]
    own = await gauzy.call("list_timesheets", employeeId=employee, limit=100)
    assert {row["employeeId"] for row in own["items"]} == {employee}
    this_week = await gauzy.call("list_timesheets", period="this_week", limit=100)
    assert 0 < this_week["total"] < everything["total"]


async def test_one_unknown_id_changes_nothing(gauzy: Gauzy) -> None:
    known = (await gauzy.call("list_timesheets", status="PENDING", limit=1))["items"][0]["id"]
    with pytest.raises(Refused, match="404"):
        await gauzy.call("set_timesheet_status", ids=[known, NOBODYS], status="APPROVED")
    pending = await gauzy.call("list_timesheets", status="PENDING", limit=100)
    assert known in [row["id"] for row in pending["items"]]


async def test_an_employee_may_neither_see_nor_decide(gauzy: Gauzy) -> None:
    one = (await gauzy.call("list_timesheets", limit=1))["items"][0]["id"]
    emma = await gauzy.sign_in("employee@gauzy.local")
    for name, arguments in (
        ("list_timesheets", {}),
        ("set_timesheet_status", {"ids": [one], "status": "APPROVED"}),
        ("submit_timesheets", {"ids": [one], "action": "submit"}),
    ):
        with pytest.raises(Refused, match="no permission"):
            await emma.call(name, **arguments)


@pytest.mark.parametrize("wrong", [{"ids": []}, {"status": "FINE"}, {"ids": "x"}, {"ids": ["x"]}])
async def test_what_is_no_decision_is_refused(gauzy: Gauzy, wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        await gauzy.call("set_timesheet_status", **{"ids": [NOBODYS], "status": "APPROVED", **wrong})
