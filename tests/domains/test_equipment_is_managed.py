"""Equipment is added, found by what it is and who has it, changed, retired and deleted."""

from __future__ import annotations

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused
from tests.sandbox.client import NOBODYS

EMMA = ident("employee", f"{demo.TENANT}/employee@gauzy.local")
HERS = ["Dell UltraSharp 27", "ThinkPad X1 Carbon"]


def names(found: dict[str, list[dict[str, str]]]) -> list[str]:
    return sorted(row["name"] for row in found["items"])


async def test_an_item_is_added_found_changed_and_deleted(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_equipment", name="Drill", type="Tool", currency="EUR", initialCost=79.5)
    assert names(await gauzy.call("get_equipment", name="dri")) == ["Drill"]
    await gauzy.call("update_equipment", id=made["id"], serialNumber="DR-1")
    shown = await gauzy.call("get_equipment_by_id", id=made["id"])
    assert (shown["name"], shown["serialNumber"], shown["currency"], shown["initialCost"]) == (
        "Drill", "DR-1", "EUR", 79.5,
    )  # fmt: skip
    assert (await gauzy.call("delete_equipment", id=made["id"]))["deleted"]
    with pytest.raises(Refused):
        await gauzy.call("get_equipment_by_id", id=made["id"])


async def test_changing_an_unknown_item_makes_none(gauzy: Gauzy) -> None:
    """Gauzy's PUT creates a record for an id that it does not know."""
    before = await gauzy.call("get_equipment_count")
    with pytest.raises(Refused, match="not found"):
        await gauzy.call("update_equipment", id=NOBODYS, name="Ghost", type="x", currency="USD", serialNumber="1")
    with pytest.raises(Refused, match="not found"):
        await gauzy.call("update_equipment_status", id=NOBODYS, status="RETIRED")
    assert await gauzy.call("get_equipment_count") == before
    body = {"name": "Ghost", "type": "x", "currency": "USD", "serialNumber": "1", "autoApproveShare": False}
    item = await gauzy.request("GET", f"/equipment/{ident('Equipment', 'MacBook Air 13')}")
    await gauzy.request("PUT", f"/equipment/{NOBODYS}", body={**body, "organizationId": item["organizationId"]})
    assert (await gauzy.call("get_equipment_count"))["count"] == before["count"] + 1


async def test_an_item_is_retired_and_taken_back(gauzy: Gauzy) -> None:
    item = ident("Equipment", "MacBook Air 13")
    retired = await gauzy.call("update_equipment_status", id=item, status="RETIRED")
    assert (retired["status"], retired["name"]) == ("RETIRED", "MacBook Air 13")
    assert "MacBook Air 13" not in names(await gauzy.call("get_available_equipment", limit=100))
    await gauzy.call("update_equipment_status", id=item, status="ACTIVE")
    assert "MacBook Air 13" in names(await gauzy.call("get_available_equipment", limit=100))


async def test_items_are_found_by_holder(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    assert names(await emma.call("get_my_equipment")) == HERS
    assert names(await gauzy.call("get_equipment_by_employee", employeeId=EMMA)) == HERS
    assert names(await gauzy.call("get_equipment_by_employee", employeeId=EMMA, type="laptop")) == HERS[1:]
    lent = names(await gauzy.call("get_equipment", status="ASSIGNED", limit=100))
    free = names(await gauzy.call("get_available_equipment", limit=100))
    assert set(HERS) <= set(lent)
    assert not set(lent) & set(free)


async def test_a_text_is_found_in_name_type_and_serial_number(gauzy: Gauzy) -> None:
    assert names(await gauzy.call("search_equipment", query="macbook")) == ["MacBook Air 13", "MacBook Pro 14"]
    assert names(await gauzy.call("search_equipment", query="monitor")) == ["Dell UltraSharp 27", "LG Ergo 32"]
    assert names(await gauzy.call("search_equipment", query="zb-58")) == ["Zebra TC58 scanner"]
    assert names(await gauzy.call("get_equipment", name="14")) == ["MacBook Pro 14"]
    assert names(await gauzy.call("search_equipment", query="0931")) == ["MacBook Pro 14"]


async def test_costs_of_different_currencies_are_not_added(gauzy: Gauzy) -> None:
    told = await gauzy.call("get_equipment_statistics")
    every = (await gauzy.call("get_equipment", limit=100, fields=["currency", "initialCost", "status"]))["items"]
    for currency in ("USD", "EUR"):
        assert told["sums"]["initialCost"][currency] == sum(
            row["initialCost"] for row in every if row["currency"] == currency
        )
    assert told["by"]["status"]["RETIRED"] == sum(row["status"] == "RETIRED" for row in every)
    assert told["count"] == len(every) == (await gauzy.call("get_equipment_count"))["count"]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("create_equipment", {"name": "Drill", "type": "Tool"}),
        ("create_equipment", {"name": "Drill", "type": "Tool", "currency": "euros"}),
        ("update_equipment", {"id": ident("Equipment", "MacBook Air 13")}),
        ("update_equipment_status", {"id": ident("Equipment", "MacBook Air 13"), "status": "LOST"}),
        ("assign_equipment", {"id": NOBODYS, "employeeId": EMMA}),
        ("assign_equipment", {"id": ident("Equipment", "MacBook Air 13"), "employeeId": NOBODYS}),
        ("get_equipment", {"sort": "colour"}),
        ("search_equipment", {}),
    ],
)
async def test_what_cannot_be_done_is_told(gauzy: Gauzy, name: str, arguments: dict[str, str]) -> None:
    with pytest.raises(Refused):
        await gauzy.call(name, **arguments)
