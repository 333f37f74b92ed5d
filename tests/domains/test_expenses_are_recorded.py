"""Expenses through the tools, and what Gauzy does to employees who have one without a date."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

EMMA = ident("employee", f"{demo.TENANT}/employee@gauzy.local")
TRAVEL = ident("ExpenseCategory", "Travel")
TAXI = {"amount": 23.5, "currency": "EUR", "valueDate": "2031-04-30", "employeeId": EMMA, "notes": "Taxi to 100%"}


async def poison(gauzy: Gauzy) -> None:
    """An expense of Emma's without a date, as other clients of Gauzy may leave behind."""
    identity = (await gauzy.call("get_auth_status"))["organizationId"]
    body = {"organizationId": identity, "amount": 1, "currency": "USD", "employeeId": EMMA}
    with pytest.raises(Exception, match="400"):
        await gauzy.request("POST", "/expense", body=body)


async def total(gauzy: Gauzy, **filters: Any) -> int:
    count = (await gauzy.call("get_expense_count", **filters))["count"]
    assert (await gauzy.call("get_expenses", **filters))["total"] == count
    return int(count)


async def test_an_expense_is_recorded_found_changed_and_deleted(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_expense", **TAXI, categoryId=TRAVEL)
    [found] = (await gauzy.call("get_expenses", search="taxi", startDate="2031-04-01", endDate="2031-04-30"))["items"]
    assert (found["id"], found["categoryName"], found["employeeName"]) == (made["id"], "Travel", "Emma Fischer")
    await gauzy.call("update_expense", id=made["id"], status="PAID")
    shown = await gauzy.call("get_expense", id=made["id"])
    assert (shown["status"], shown["amount"], shown["notes"]) == ("PAID", 23.5, "Taxi to 100%")
    assert shown["category"]["name"] == "Travel"
    await gauzy.call("delete_expense", id=made["id"])
    with pytest.raises(Refused, match="no expense"):
        await gauzy.call("get_expense", id=made["id"])
    with pytest.raises(Refused, match="not found"):
        await gauzy.call("delete_expense", id=made["id"])


async def test_they_are_found_by_what_they_are(gauzy: Gauzy) -> None:
    assert await total(gauzy, status="UNINVOICED") == 2
    assert await total(gauzy, categoryId=TRAVEL) == 3
    assert await total(gauzy, search="servers") == 2
    assert await total(gauzy, amount=2400) == 2
    assert await total(gauzy, search="5") == 0
    assert await total(gauzy, splitExpense=False) == 13


async def test_views_show_the_expenses_of_one_person(gauzy: Gauzy) -> None:
    emmas = await gauzy.call("get_expenses_by_employee", employeeId=EMMA)
    mine = await gauzy.call("get_my_expenses", status="PAID")
    assert ({row["employeeName"] for row in emmas["items"]}, emmas["total"]) == ({"Emma Fischer"}, 2)
    assert [row["notes"] for row in mine["items"]] == ["Servers of the customer portal"]


async def test_categories_are_searched_by_a_part_of_their_name(gauzy: Gauzy) -> None:
    everything = await gauzy.call("get_expense_categories")
    assert (everything["total"], everything["items"][0]["name"]) == (6, "Courses")
    [found] = (await gauzy.call("get_expense_categories", search="WARE", limit=1, page=2))["items"]
    assert found["name"] == "Software"


@pytest.mark.parametrize("left_out", ["amount", "currency", "valueDate"])
async def test_what_gauzy_needs_is_asked_for(gauzy: Gauzy, left_out: str) -> None:
    before = await total(gauzy)
    with pytest.raises(Refused, match=left_out):
        await gauzy.call("create_expense", **{name: value for name, value in TAXI.items() if name != left_out})
    assert await total(gauzy) == before


async def test_an_expense_that_gauzy_stores_while_it_refuses_is_answered(gauzy: Gauzy) -> None:
    await poison(gauzy)
    before = await total(gauzy)
    made = await gauzy.call("create_expense", **TAXI)
    assert await total(gauzy) == before + 1
    assert (await gauzy.call("get_expense", id=made["id"]))["notes"] == TAXI["notes"]


async def test_one_that_gauzy_really_refuses_is_an_error(gauzy: Gauzy) -> None:
    await poison(gauzy)
    before = await total(gauzy)
    with pytest.raises(Refused, match="refused"):
        await gauzy.call("create_expense", **TAXI, categoryId=EMMA)
    assert await total(gauzy) == before


async def test_a_date_cannot_be_taken_away(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_expense", **TAXI)
    with pytest.raises(Refused, match="cannot be emptied"):
        await gauzy.call("update_expense", id=made["id"], clear=["valueDate"])
    with pytest.raises(Refused, match="employeeId"):
        await gauzy.call("update_expense", id=made["id"], employeeId=EMMA)


async def test_simple_employees_see_none_of_them(gauzy: Gauzy) -> None:
    employee = await gauzy.sign_in("employee@gauzy.local")
    for name in ("get_expenses", "get_my_expenses", "get_expense_categories"):
        with pytest.raises(Refused, match="no permission"):
            await employee.call(name)
