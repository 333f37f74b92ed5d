"""Warehouses, with their addresses."""

from __future__ import annotations

import pytest

from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused
from tests.sandbox.client import NOBODYS

HAMBURG = ident("Warehouse", "Hamburg Harbour")


async def test_a_warehouse_is_added_found_changed_and_deleted(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_warehouse", name="Kiel", code="KIE", email="kiel@stock.example", city="Kiel")
    [found] = (await gauzy.call("get_warehouses", city="Kiel"))["items"]
    assert (found["id"], found["city"]) == (made["id"], "Kiel")
    await gauzy.call("update_warehouse", id=made["id"], active=False)
    shown = await gauzy.call("get_warehouse", id=made["id"])
    assert (shown["name"], shown["active"], shown["contact"]["city"]) == ("Kiel", False, "Kiel")
    assert (await gauzy.call("delete_warehouse", id=made["id"]))["deleted"]
    with pytest.raises(Refused, match="not found"):
        await gauzy.call("get_warehouse", id=made["id"])


async def test_part_of_an_address_is_changed(gauzy: Gauzy) -> None:
    before = (await gauzy.call("get_warehouse", id=HAMBURG))["contact"]
    await gauzy.call("update_warehouse", id=HAMBURG, address="Kehrwieder 2")
    after = (await gauzy.call("get_warehouse", id=HAMBURG))["contact"]
    assert (after["id"], after["address"], after["city"]) == (before["id"], "Kehrwieder 2", "Hamburg")


async def test_changing_an_unknown_warehouse_makes_none(gauzy: Gauzy) -> None:
    """Gauzy's PUT creates a warehouse for an id that it does not know."""
    with pytest.raises(Refused, match="not found"):
        await gauzy.call("update_warehouse", id=NOBODYS, name="Ghost", code="G", email="g@stock.example")
    assert (await gauzy.call("get_warehouses"))["total"] == 4
    row = await gauzy.request("GET", f"/warehouses/{HAMBURG}")
    body = {name: row[name] for name in ("organizationId", "name", "code", "email")}
    await gauzy.request("PUT", f"/warehouses/{NOBODYS}", body=body)
    assert (await gauzy.call("get_warehouses"))["total"] == 5


async def test_warehouses_are_found_by_name_code_and_use(gauzy: Gauzy) -> None:
    for filters, names in (
        ({"name": "dock"}, ["London Docklands"]),
        ({"code": "400"}, ["Oslo North"]),
        ({"active": False}, ["Old barn"]),
        ({"active": True}, ["Hamburg Harbour", "London Docklands", "Oslo North"]),
    ):
        assert [row["name"] for row in (await gauzy.call("get_warehouses", **filters))["items"]] == names


async def test_an_employee_may_look_and_not_change(gauzy: Gauzy) -> None:
    employee = await gauzy.sign_in("employee@gauzy.local")
    assert (await employee.call("get_warehouses"))["total"] == 4
    with pytest.raises(Refused, match="permission"):
        await employee.call("update_warehouse", id=HAMBURG, name="Mine")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("create_warehouse", {"name": "Kiel", "code": "KIE"}),
        ("create_warehouse", {"name": "Kiel", "code": "KIE", "email": "kiel"}),
        ("update_warehouse", {"id": HAMBURG}),
        ("update_warehouse", {"id": HAMBURG, "clear": ["email"]}),
    ],
)
async def test_what_cannot_be_done_is_told(gauzy: Gauzy, name: str, arguments: dict[str, str]) -> None:
    with pytest.raises(Refused):
        await gauzy.call(name, **arguments)
