"""Products are added, found, changed and deleted, and a change touches nothing that it does not name."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.catalog.tool import ToolError
from mcp_tools.sandbox.demo import ident
from tests.catalog.recorder import ID, OTHER, Recorder, call
from tests.domains.gauzy import Gauzy, Refused
from tests.sandbox.client import NOBODYS

TRACKER, SCANNER, MOUNT = (ident("Product", code) for code in ("GPS-100", "SCN-10", "1001"))
FLEET, SOFTWARE = (ident("ProductCategory", name) for name in ("Fleet devices", "Software"))
LICENCE = ident("ProductType", "Licence")
FIELDS = [
    "code", "name", "enabled", "imageUrl", "productCategoryId", "productTypeId", "isActive", "isArchived", "gallery",
    "tags", "translations", "organizationId", "createdByUserId",
]  # fmt: skip


async def everything(gauzy: Gauzy) -> dict[str, Any]:
    """All products, by id."""
    found = await gauzy.call("get_products_pagination", limit=100)
    return {row["id"]: await gauzy.call("get_product", id=row["id"], fields=FIELDS) for row in found["items"]}


async def test_a_product_is_added_found_and_deleted(gauzy: Gauzy) -> None:
    given = {"code": "BOX", "name": "Sturdy box", "description": "Of wood", "categoryId": FLEET, "typeId": LICENCE}
    made = await gauzy.call("create_product", **given)
    assert (made["name"], made["typeName"], made["categoryName"]) == ("Sturdy box", "Licence", "Fleet devices")
    [found] = (await gauzy.call("get_products", name="sturdy"))["items"]
    assert (found["id"], found["description"], found["enabled"]) == (made["id"], "Of wood", True)
    assert [row["code"] for row in (await gauzy.call("get_products", code="BOX"))["items"]] == ["BOX"]
    assert (await gauzy.call("delete_product", id=made["id"]))["deleted"]
    with pytest.raises(Refused, match="not found"):
        await gauzy.call("get_product", id=made["id"])


async def test_without_a_type_the_types_are_told(gauzy: Gauzy) -> None:
    with pytest.raises(Refused, match=f"Licence: {LICENCE}"):
        await gauzy.call("create_product", code="BOX", name="Box", categoryId=FLEET)
    assert (await gauzy.call("get_product_count", categoryId=FLEET))["count"] == 4


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Sender"},
        {"name": "Traceur", "language": "fr"},
        {"categoryId": SOFTWARE},
        {"code": "GPS-101"},
        {"enabled": False, "imageUrl": "https://example.com/x.png"},
        {"code": "GPS-102", "description": "New text", "typeId": LICENCE},
        {"clear": ["description"]},
    ],
    ids=lambda change: "-".join(change),
)
async def test_a_change_touches_nothing_else(gauzy: Gauzy, change: dict[str, Any]) -> None:
    """Gauzy's PUT looks for the product in its body, and takes away translations that are left out."""
    before = await everything(gauzy)
    await gauzy.call("update_product", id=SCANNER, **change)
    after = await everything(gauzy)
    assert {key: row for key, row in after.items() if key != SCANNER} == {
        key: row for key, row in before.items() if key != SCANNER
    }
    told = {one["languageCode"]: one["name"] for one in after[SCANNER]["translations"]}
    assert told.items() >= {"de": "Paketscanner"}.items()
    assert len(told) == (3 if change.get("language") == "fr" else 2)
    columns = {"categoryId": "productCategoryId", "typeId": "productTypeId"}
    changed = {columns.get(name, name): value for name, value in change.items() if name not in ("language", "clear")}
    expected = {**before[SCANNER], **({} if "language" in change else changed)}
    names = ("code", "name", "enabled", "imageUrl", "productCategoryId", "productTypeId")
    assert {name: after[SCANNER].get(name) for name in names} == {name: expected.get(name) for name in names}


async def test_gauzys_own_put_without_an_id_changes_another_product(gauzy: Gauzy) -> None:
    row = await gauzy.call("get_product", id=SCANNER)
    arrays = ("optionGroupCreateInputs", "optionGroupUpdateInputs", "optionGroupDeleteInputs", "optionDeleteInputs")
    body = {"code": "x", "type": {"id": LICENCE}, "category": {"id": SOFTWARE}, **{name: [] for name in arrays}}
    await gauzy.request("PUT", f"/products/{SCANNER}", body=body)
    assert await gauzy.call("get_product", id=SCANNER) == row
    assert (await gauzy.call("get_product", id=TRACKER))["translations"] == []


async def test_an_unknown_product_is_not_changed_and_not_made(gauzy: Gauzy) -> None:
    before = await gauzy.call("get_product_count")
    for change in ({"name": "x"}, {"code": "x"}):
        with pytest.raises(Refused, match="not found"):
            await gauzy.call("update_product", id=NOBODYS, **change)
    assert await gauzy.call("get_product_count") == before


async def test_a_product_keeps_its_option_groups() -> None:
    """The POST that changes a code would save an empty list of them."""
    kinds = {"productTypeId": OTHER, "productCategoryId": OTHER}
    row = {"id": ID, "code": "C", **kinds, "optionGroups": [{"id": OTHER}], "translations": []}
    context = Recorder().on("GET", "/products/.*", row)
    with pytest.raises(ToolError, match="option groups"):
        await call(context, "update_product", id=ID, code="D", name="New")
    assert context.sent("POST") == context.sent("PUT") == []
    await call(context, "update_product", id=ID, name="New")
    assert [asked.path for asked in context.sent("PUT")] == [f"/products/{ID}"]


async def test_names_come_in_the_language_that_is_asked_for(gauzy: Gauzy) -> None:
    german = await gauzy.call("get_products_translated", language="de", categoryId=FLEET, sort="code")
    told = [(row["name"], row["categoryName"], row["typeName"]) for row in german["items"]]
    assert told[0] == ("Dashboard mount", "Flottengeräte", "Waren")
    assert ("Paketscanner", "Flottengeräte", "Waren") in told
    assert german["items"][1]["languages"] == ["en", "de"]
    one = await gauzy.call("get_product_translated", id=SCANNER, language="de")
    assert (one["name"], one["categoryName"]) == ("Paketscanner", "Flottengeräte")
    assert (await gauzy.call("get_product_translated", id=MOUNT, language="de"))["name"] == "Dashboard mount"


async def test_a_code_of_digits_is_found(gauzy: Gauzy) -> None:
    assert [row["id"] for row in (await gauzy.call("get_products", code="1001"))["items"]] == [MOUNT]


async def test_an_employee_may_look_and_not_change(gauzy: Gauzy) -> None:
    employee = await gauzy.sign_in("employee@gauzy.local")
    assert (await employee.call("get_products"))["total"] == 10
    with pytest.raises(Refused, match="permission"):
        await employee.call("update_product", id=SCANNER, name="Mine")
    with pytest.raises(Refused, match="permission"):
        await employee.call("delete_product", id=SCANNER)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("create_product", {"code": "", "name": "x", "categoryId": FLEET, "typeId": LICENCE}),
        ("create_product", {"code": "x", "name": "x", "categoryId": NOBODYS, "typeId": LICENCE}),
        ("get_product_translated", {"id": SCANNER, "language": "../../tasks"}),
        ("get_products", {"sort": "name"}),
        ("update_product", {"id": SCANNER}),
        ("update_product", {"id": SCANNER, "language": "de"}),
    ],
)
async def test_what_cannot_be_done_is_told(gauzy: Gauzy, name: str, arguments: dict[str, str]) -> None:
    with pytest.raises(Refused):
        await gauzy.call(name, **arguments)
