"""Categories of products (Gauzy route ``/product-categories``).

A PUT deletes the category and inserts the body, at which its products lose it; so they are read before and get it back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mcp_tools.catalog import bulk
from mcp_tools.catalog import fields as f
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.domains.products import LANGUAGE, product, translations_with, words_of
from mcp_tools.catalog.entity import Entity
from mcp_tools.catalog.local import containing
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import body_of, owner
from mcp_tools.catalog.rows import Row, Rows, project
from mcp_tools.catalog.tool import ToolError

WORDS = ("name", "description")


class Categories(Entity):
    async def make(self, gauzy: Gauzy, arguments: dict[str, Any]) -> Row:
        """Without translations Gauzy would store a category that has no name."""
        owned = owner(await gauzy.identity())
        given = body_of(self.columns, arguments, with_defaults=True)
        words: Row = {name: given.pop(name) for name in WORDS if name in given}
        translations = translations_with({}, given.pop("language"), words, owned)
        return await self.post(gauzy, {**owned, **given, "translations": translations})

    async def replace(self, gauzy: Gauzy, row: Row, language: str | None, changes: Row) -> None:
        """``PUT`` with all that the row had. Without the id in the body the category would get another."""
        owned = owner(await gauzy.identity())
        words: Row = {name: changes.pop(name) for name in WORDS if name in changes}
        every = [
            {name: value for name, value in one.items() if name not in ("id", "referenceId")}
            for one in translations_with(row, language, words, owned)
        ]
        kept = {name: row.get(name) for name in ("id", "imageUrl", "imageId")}
        body = {**owned, **kept, **changes, "translations": every}
        await gauzy.request("PUT", path_to(self.path + "/{id}", id=row["id"]), body=body)


category = Categories(
    "product_category",
    "/product-categories",
    "product_categories",
    columns={
        "name": f.text(required=True),
        "description": f.text(),
        "language": f.text(default="en", pattern=LANGUAGE),
        "imageUrl": f.text(),
    },
    local={"name": containing("name", about="Part of it")},
    shows={"imageId": "string", "translations": "array"},
    sort=("createdAt", "updatedAt"),
    relations=("products",),
    wrapper="category_data",
)


async def update(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """Goes on to its end when the caller cancels, for in between the products have no category."""
    changes = category.changes(arguments)
    if changes.keys() == {"language"}:
        raise ToolError("Nothing to change: language says which name and description are meant")
    return await asyncio.shield(asyncio.create_task(_update(context, arguments["id"], changes)))


async def _update(context: ToolContext, category_id: str, changes: Row) -> Any:
    gauzy = context.gauzy
    row = await category.read(gauzy, category_id)
    products, complete = await product.every(gauzy, {"categoryId": category_id, "relations": ["tags"]})
    if not complete:
        raise ToolError("The category has more products than could be given back to it; change it in Gauzy")
    await category.replace(gauzy, row, changes.pop("language", None), changes)
    await _give_back(context, products)
    told = await category.read(gauzy, category_id)
    return project({**{name: words_of(told).get(name) for name in WORDS}, **told}, {})


async def _give_back(context: ToolContext, products: Rows) -> None:
    """Gives the products their category again. Raises ToolError that names those that stay without."""
    lost: Sequence[Row] = products
    for _ in range(2):
        outcome = await bulk.each(context, list(lost), _restore)
        lost = [lost[result["index"]] for result in outcome["results"] if not result["ok"]]
    if lost:
        names = ", ".join(row["id"] for row in lost)
        raise ToolError(f"The category is changed, but give it to these products again by update_product: {names}")


async def _restore(context: ToolContext, row: Any) -> Row:
    owned = owner(await context.gauzy.identity())
    await product.put(context.gauzy, row, translations_with(row, None, {}, owned))
    return {"id": row["id"]}


of_category = replace(product, toolset="product_categories")
_changing = category.update("update_product_category", "Change a category; its products stay in it.")

TOOLS = [
    category.list("get_product_categories", "Find categories of products.").found_by("kinds groups of goods"),
    category.count("get_product_category_count", "How many product categories there are."),
    category.create("create_product_category", "Add a category of products."),
    replace(_changing, run=update),
    of_category.list(
        "get_products_by_category", "Products of a category.", require=("categoryId",), without=("name", "language")
    ),
]
