"""Incomes through the tools."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused
from tests.domains.test_expenses_are_recorded import EMMA, poison

CLIENT = ident("contact", "Summit Travel")
FEE = {"amount": 900, "currency": "EUR", "clientId": CLIENT, "valueDate": "2031-04-30", "notes": "Workshop fee"}


async def total(gauzy: Gauzy, **filters: Any) -> int:
    count = (await gauzy.call("get_income_count", **filters))["count"]
    for name in ("get_incomes", "get_incomes_pagination"):
        assert (await gauzy.call(name, **filters))["total"] == count
    return int(count)


async def test_an_income_is_recorded_found_changed_and_deleted(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_income", **FEE, employeeId=EMMA, isBonus=True)
    [found] = (await gauzy.call("get_incomes", search="WORKSHOP FEE", startDate="2031-04-30"))["items"]
    assert (found["id"], found["clientName"], found["employeeName"]) == (made["id"], "Summit Travel", "Emma Fischer")
    await gauzy.call("update_income", id=made["id"], notes="Half a day")
    shown = await gauzy.call("get_income", id=made["id"])
    assert (shown["notes"], shown["amount"], shown["isBonus"], shown["clientId"]) == ("Half a day", 900, True, CLIENT)
    await gauzy.call("delete_income", id=made["id"])
    with pytest.raises(Refused, match="no income"):
        await gauzy.call("get_income", id=made["id"])


async def test_they_are_found_by_what_they_are(gauzy: Gauzy) -> None:
    assert await total(gauzy, clientId=ident("contact", "Brightside Logistics")) == 2
    assert await total(gauzy, amount=12400) == 1
    assert await total(gauzy, currency="EUR") == 0


async def test_what_is_not_marked_as_a_bonus_is_none(gauzy: Gauzy) -> None:
    """Gauzy keeps null for most, and finds only what says false."""
    assert (await total(gauzy, isBonus=True), await total(gauzy, isBonus=False)) == (2, 6)


async def test_mine_are_those_of_my_employee(gauzy: Gauzy) -> None:
    assert (await gauzy.call("get_my_incomes"))["total"] == 0
    me = (await gauzy.call("get_auth_status"))["employeeId"]
    made = await gauzy.call("create_income", **FEE, employeeId=me)
    assert [row["id"] for row in (await gauzy.call("get_my_incomes"))["items"]] == [made["id"]]


async def test_an_income_that_gauzy_stores_while_it_refuses_is_answered(gauzy: Gauzy) -> None:
    await poison(gauzy)
    before = await total(gauzy)
    made = await gauzy.call("create_income", **FEE, employeeId=EMMA)
    assert (await total(gauzy), made["notes"]) == (before + 1, "Workshop fee")


@pytest.mark.parametrize("left_out", ["amount", "currency", "clientId", "valueDate"])
async def test_what_gauzy_needs_is_asked_for(gauzy: Gauzy, left_out: str) -> None:
    with pytest.raises(Refused, match=left_out):
        await gauzy.call("create_income", **{name: value for name, value in FEE.items() if name != left_out})


async def test_an_unknown_client_or_income_changes_nothing(gauzy: Gauzy) -> None:
    before = await total(gauzy)
    with pytest.raises(Refused, match="refused"):
        await gauzy.call("create_income", **{**FEE, "clientId": EMMA})
    with pytest.raises(Refused, match="not found"):
        await gauzy.call("update_income", id=EMMA, amount=1)
    assert await total(gauzy) == before
