"""Awards of employees, from giving one to counting them."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

EMMA, GRACE = (ident("employee", f"{demo.TENANT}/{who}@gauzy.local") for who in ("employee", "grace.okafor"))
NOBODYS = "00000000-0000-4000-8000-000000000000"


async def test_they_are_listed_with_who_got_them_the_latest_first(gauzy: Gauzy) -> None:
    found = await gauzy.call("get_employee_awards", limit=100)
    years = [row["year"] for row in found["items"]]
    assert (found["total"], years) == (11, sorted(years, reverse=True))
    assert all(row["employeeName"] for row in found["items"])
    mentors = await gauzy.call("get_employee_awards", search="mentor")
    assert [row["employeeName"] for row in mentors["items"]] == ["Tomas Lindqvist", "Samira Haddad"]


async def test_one_is_given_changed_and_deleted(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_employee_award", employeeId=EMMA, name="Best demo", year="2031")
    found = await gauzy.call("get_employee_awards_by_year", year="2031")
    assert [(row["id"], row["employeeName"]) for row in found["items"]] == [(made["id"], "Emma Fischer")]
    changed = await gauzy.call("update_employee_award", id=made["id"], name="Finest demo")
    assert (changed["name"], changed["year"], changed["employeeId"]) == ("Finest demo", "2031", EMMA)
    assert (await gauzy.call("get_employee_award", id=made["id"]))["employeeName"] == "Emma Fischer"
    await gauzy.call("delete_employee_award", id=made["id"])
    with pytest.raises(Refused):
        await gauzy.call("get_employee_award", id=made["id"])
    with pytest.raises(Refused):
        await gauzy.call("delete_employee_award", id=made["id"])


async def test_counts_lists_and_statistics_agree(gauzy: Gauzy) -> None:
    told = await gauzy.call("get_employee_awards_statistics")
    assert (told["count"], told["complete"]) == (11, True)
    for year, count in told["by"]["year"].items():
        assert (await gauzy.call("get_employee_awards_count", year=year))["count"] == count
        assert (await gauzy.call("get_employee_awards_by_year", year=year))["total"] == count
    own = await gauzy.call("get_employee_awards_by_employee", employeeId=GRACE)
    assert own["total"] == told["by"]["employeeName"]["Grace Okafor"] == 1
    assert (await gauzy.call("get_employee_awards_count", search="of the year"))["count"] == 5


async def test_many_are_given_changed_and_deleted_at_once(gauzy: Gauzy) -> None:
    awards = [{"employeeId": EMMA, "name": f"Bulk {n}", "year": "2030"} for n in range(2)]
    unknown = {"employeeId": NOBODYS, "name": "x", "year": "2030"}
    made = await gauzy.call("bulk_create_employee_awards", awards=[*awards, unknown], confirm=True)
    assert [result["ok"] for result in made["results"]] == [True, True, False]
    assert "does not belong" in made["results"][2]["error"]
    ids = [result["id"] for result in made["results"][:2]]
    changes = [{"id": ids[0], "year": "2029"}, {"id": ids[1], "data": {"name": "Renamed"}}]
    await gauzy.call("bulk_update_employee_awards", awards=changes, confirm=True)
    rows = (await gauzy.call("get_employee_awards_by_employee", employeeId=EMMA, sort="name"))["items"]
    told = [(row["name"], row["year"]) for row in rows]
    assert told[0] == ("Bulk 0", "2029"), "what is not named stays"
    assert ("Renamed", "2030") in told
    gone = await gauzy.call("bulk_delete_employee_awards", ids=[*ids, NOBODYS], confirm=True)
    assert (gone["succeeded"], gone["failed"]) == (2, 1)
    assert (await gauzy.call("get_employee_awards_count"))["count"] == 11


async def test_an_employee_may_not_use_them_and_is_told(gauzy: Gauzy) -> None:
    employee = await gauzy.sign_in("employee@gauzy.local")
    with pytest.raises(Refused, match="no permission"):
        await employee.call("get_employee_awards")


async def test_an_award_stays_with_its_employee(gauzy: Gauzy) -> None:
    """Gauzy ignores another employeeId in an update, and says it was done."""
    award = (await gauzy.call("get_employee_awards", limit=1))["items"][0]
    with pytest.raises(Refused, match="employeeId"):
        await gauzy.call("update_employee_award", id=award["id"], employeeId=EMMA)


@pytest.mark.parametrize(("tool", "arguments"), [
    ("create_employee_award", {"employeeId": EMMA, "name": "x"}),
    ("create_employee_award", {"employeeId": EMMA, "name": "x", "year": "soon"}),
    ("create_employee_award", {"employeeId": "Emma", "name": "x", "year": "2025"}),
    ("get_employee_awards_by_year", {}),
    ("get_employee_awards", {"sort": "employee"}),
    ("bulk_delete_employee_awards", {"ids": []}),
])  # fmt: skip
async def test_wrong_arguments_are_told(gauzy: Gauzy, tool: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        await gauzy.call(tool, **arguments)
