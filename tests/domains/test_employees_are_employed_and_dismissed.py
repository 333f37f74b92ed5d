"""Employees: terms, profile, dismissal and return, and who works."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

EMMA, MARCO = (ident("employee", f"{demo.TENANT}/{who}@gauzy.local") for who in ("employee", "manager"))
NOBODYS = "00000000-0000-4000-8000-000000000000"
OWNER = {"organizationId": ident("organization", demo.ORGANIZATION)}


async def test_terms_change_and_the_rest_stays(gauzy: Gauzy) -> None:
    await gauzy.request("PUT", f"/employee/{EMMA}", body={**OWNER, "upworkId": "up-1", "linkedInId": "in-1"})
    before = await gauzy.request("GET", f"/employee/{EMMA}")
    await gauzy.call("update_employee", id=EMMA, employeeLevel="Senior", billRateValue=70, payPeriod="WEEKLY")
    after = await gauzy.request("GET", f"/employee/{EMMA}")
    changed = {name for name in before if before[name] != after[name]} - {"updatedAt", "updatedByUserId"}
    assert changed == {"employeeLevel", "billRateValue", "payPeriod"}, "a plain PUT clears upworkId and linkedInId"
    await gauzy.call("update_employee", id=EMMA, endWork="2031-01-31", clear=["shortDescription"])
    shown = await gauzy.call("get_employee", id=EMMA)
    assert shown["endWork"] == "2031-01-31T00:00:00.000Z"
    assert "short_description" not in shown


async def test_the_own_profile_changes_and_the_pay_does_not(gauzy: Gauzy) -> None:
    """The route would let an employee raise his own rate."""
    emma = await gauzy.sign_in("employee@gauzy.local")
    await gauzy.request("PUT", f"/employee/{EMMA}", body={**OWNER, "upworkId": "up-1"})
    told = await emma.call(
        "update_employee_profile", description="Likes maps", linkedInUrl="https://example.com/emma"
    )  # fmt: skip
    assert (told["name"], told["description"]) == ("Emma Fischer", "Likes maps")
    with pytest.raises(Refused, match="billRateValue"):
        await emma.call("update_employee_profile", billRateValue=999)
    with pytest.raises(Refused, match="billRateValue"):
        await emma.call("update_employee_profile", employee_data={"billRateValue": 999, "description": "x"})
    kept = await gauzy.request("GET", f"/employee/{EMMA}")
    assert (kept["billRateValue"], kept["upworkId"], kept["description"]) == (55, "up-1", "Likes maps")


async def test_whoever_is_no_employee_has_no_profile(gauzy: Gauzy) -> None:
    viewer = await gauzy.sign_in("viewer@gauzy.local")
    with pytest.raises(Refused, match="no employee record"):
        await viewer.call("update_employee_profile", description="x")


async def test_somebody_is_dismissed_and_taken_back(gauzy: Gauzy) -> None:
    before = (await gauzy.call("get_employee_count"))["count"]
    assert await gauzy.call("soft_delete_employee", id=EMMA) == {"id": EMMA, "deleted": True}
    assert await gauzy.call("soft_delete_employee", id=EMMA) == {"id": EMMA, "deleted": True}, "again: nothing to do"
    assert (await gauzy.call("get_employees", search="Emma"))["total"] == 0
    assert (await gauzy.call("get_employee_count"))["count"] == before - 1
    assert (await gauzy.call("restore_employee", id=EMMA))["name"] == "Emma Fischer"
    assert (await gauzy.call("get_employees_pagination", search="Emma"))["total"] == 1
    for tool in ("soft_delete_employee", "restore_employee"):
        with pytest.raises(Refused, match="not found"):
            await gauzy.call(tool, id=NOBODYS)


async def test_who_is_employed_is_told_to_everybody_without_the_pay(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    found = await emma.call("get_working_employees", limit=3, page=2)
    assert (found["total"], len(found["items"]), found["has_more"]) == (14, 3, True)
    assert all(row["name"] and "billRateValue" not in row for row in found["items"])
    assert (await emma.call("get_working_employees_count"))["count"] == 14


async def test_a_range_of_days_restricts_who_was_employed(gauzy: Gauzy) -> None:
    days = {"startDate": "2018-01-01", "endDate": "2018-12-31"}
    count = (await gauzy.call("get_working_employees_count", **days))["count"]
    assert 0 < count < 14
    found = await gauzy.call("get_working_employees", **days)
    assert found["total"] == count
    assert all(row["startedWorkOn"] <= "2018-12-31" for row in found["items"])
    before = {"forRange": {"start": "2018-01-01T00:00:00Z", "end": "2018-12-31T00:00:00Z"}}
    assert (await gauzy.call("get_working_employees_count", **before))["count"] == count
    for wrong in ({"startDate": "2018-01-01"}, {"startDate": "2019-01-01", "endDate": "2018-01-01"}):
        with pytest.raises(Refused, match="both startDate and endDate"):
            await gauzy.call("get_working_employees", **wrong)


async def test_statistics_are_those_of_the_time_logs(gauzy: Gauzy) -> None:
    told = await gauzy.call("get_employee_statistics", employeeId=EMMA, period="last_30_days")
    totals = await gauzy.call("get_time_totals", employeeId=EMMA, period="last_30_days")
    assert (told["name"], told["hours"]) == ("Emma Fischer", totals["hours"])
    assert told["hours"] > 0
    hours = [row["hours"] for row in told["topProjects"]]
    assert hours == sorted(hours, reverse=True)
    assert told["assignedTasks"] == (await gauzy.call("get_tasks_by_employee", employeeId=EMMA))["total"]
    old = {"startDate": told["period"]["from"], "endDate": f"{told['period']['to']}T12:00:00Z"}
    assert (await gauzy.call("get_employee_statistics", employeeId=EMMA, **old))["hours"] == told["hours"]


async def test_an_employee_is_not_told_his_own_figures_as_those_of_another(gauzy: Gauzy) -> None:
    chloe = await gauzy.sign_in("chloe.martin@gauzy.local")
    with pytest.raises(Refused, match="You may not see the time of that employee"):
        await chloe.call("get_employee_statistics", employeeId=MARCO, period="last_30_days")


@pytest.mark.parametrize(("tool", "arguments"), [
    ("update_employee", {"id": EMMA}),
    ("update_employee", {"id": EMMA, "payPeriod": "DAILY"}),
    ("update_employee", {"id": EMMA, "email": "x@example.com"}),
    ("update_employee", {"id": NOBODYS, "employeeLevel": "x"}),
    ("update_employee_profile", {"linkedInUrl": "no address"}),
    ("update_employee_profile", {}),
    ("get_employee_statistics", {"period": "today"}),
    ("get_employee_statistics", {"employeeId": NOBODYS}),
])  # fmt: skip
async def test_wrong_arguments_are_told(gauzy: Gauzy, tool: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        await gauzy.call(tool, **arguments)
