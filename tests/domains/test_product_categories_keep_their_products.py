"""Product categories, whose products stay with them through a change."""

from __future__ import annotations

import asyncio

import pytest

from mcp_tools.sandbox.demo import ident
from tests.catalog.recorder import EMPLOYEE, ID, OTHER, Recorder, call
from tests.domains.gauzy import Gauzy, Refused
from tests.sandbox.client import NOBODYS

FLEET = ident("ProductCategory", "Fleet devices")


async def codes(gauzy: Gauzy, category: str) -> list[str]:
    found = await gauzy.call("get_products_by_category", categoryId=category, limit=100)
    return sorted(row["code"] for row in found["items"])


async def test_a_category_is_added_and_found(gauzy: Gauzy) -> None:
    before = (await gauzy.call("get_product_category_count"))["count"]
    made = await gauzy.call("create_product_category", name="Spare parts", description="Wheels and such")
    found = await gauzy.call("get_product_categories", name="spare")
    assert [(row["id"], row["name"], row["description"]) for row in found["items"]] == [
        (made["id"], "Spare parts", "Wheels and such")
    ]
    assert (await gauzy.call("get_product_category_count"))["count"] == before + 1


async def test_a_changed_category_keeps_products_words_and_picture(gauzy: Gauzy) -> None:
    """Gauzy deletes and inserts the category, at which its products lose it."""
    before = await codes(gauzy, FLEET)
    [shown] = (await gauzy.call("get_product_categories", name="fleet", fields=["imageUrl"]))["items"]
    changed = await gauzy.call("update_product_category", id=FLEET, name="Vans")
    assert (changed["id"], changed["name"]) == (FLEET, "Vans")
    assert {one["languageCode"]: one["name"] for one in changed["translations"]} == {
        "en": "Vans",
        "de": "Flottengeräte",
    }
    assert await codes(gauzy, FLEET) == before == ["1001", "GPS-100", "GPS-200", "SCN-10"]
    scanner = await gauzy.call("get_product", id=ident("Product", "SCN-10"))
    assert [one["name"] for one in scanner["translations"]] == ["Parcel scanner", "Paketscanner"]
    [after] = (await gauzy.call("get_product_categories", name="vans", fields=["imageUrl"]))["items"]
    assert after == shown


async def test_gauzys_own_put_takes_the_products_away(gauzy: Gauzy) -> None:
    row = await gauzy.request("GET", f"/product-categories/{FLEET}")
    body = {"id": FLEET, "organizationId": row["organizationId"], "translations": []}
    await gauzy.request("PUT", f"/product-categories/{FLEET}", body=body)
    assert await codes(gauzy, FLEET) == []


async def test_a_cancelled_change_goes_on_to_its_end() -> None:
    """Between the two requests the products have no category."""
    row = {"id": OTHER, "code": "C", "productCategoryId": ID, "productTypeId": EMPLOYEE, "translations": []}
    context = Recorder().on("GET", "/product-categories/.*", {"id": ID, "translations": []})
    context.on("GET", "/products/pagination", {"items": [row], "total": 1})
    context.on("PUT", "/product-categories/.*", lambda asked: change.cancel())
    change = asyncio.create_task(call(context, "update_product_category", id=ID, name="Programs"))
    await asyncio.wait([change])
    assert change.cancelled()
    if others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)
    assert [asked.path for asked in context.sent("PUT")] == [f"/product-categories/{ID}", f"/products/{OTHER}"]


async def test_an_unknown_category_is_not_made(gauzy: Gauzy) -> None:
    before = await gauzy.call("get_product_category_count")
    with pytest.raises(Refused, match="not found"):
        await gauzy.call("update_product_category", id=NOBODYS, name="Ghosts")
    assert await gauzy.call("get_product_category_count") == before


async def test_nothing_to_change_and_nothing_to_name_are_told(gauzy: Gauzy) -> None:
    with pytest.raises(Refused, match="Nothing to change"):
        await gauzy.call("update_product_category", id=FLEET)
    with pytest.raises(Refused, match="Nothing to change"):
        await gauzy.call("update_product_category", id=FLEET, language="de")
    with pytest.raises(Refused):
        await gauzy.call("create_product_category", description="nameless")
    assert await codes(gauzy, FLEET)
