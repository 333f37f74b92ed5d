"""Products (Gauzy route ``/products``), whose name and description exist once per language.

A PUT changes words, tags, type and category, and takes away what it does not name; it wants the id in its body, for it
does not look at the one in the path. Code, image and ``enabled`` are changed by a POST that carries the id, which
empties the columns that it does not name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

import orjson

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.entity import Entity
from mcp_tools.catalog.local import Local, containing
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import body_of, owner, where_pairs
from mcp_tools.catalog.rows import Row, Rows, project, rows_of
from mcp_tools.catalog.styles import Pages, Retold
from mcp_tools.catalog.texts import composed
from mcp_tools.catalog.tool import Effect, Tool, ToolError

LANGUAGE: Final = "^[a-z]{2}(-[A-Za-z]{2,4})?$"
"""A code of a language, such as ``en`` or ``zh-Hans``; it becomes a step of a path."""
NO_OPTIONS: Final[Mapping[str, Any]] = {
    "optionGroupCreateInputs": [], "optionGroupUpdateInputs": [], "optionGroupDeleteInputs": [],
    "optionDeleteInputs": [],
}  # fmt: skip
BY_POST: Final = frozenset({"code", "enabled", "imageUrl"})


def words_of(row: Row, language: str = "en") -> Row:
    """The translation in ``language``, else the first there is; empty without any."""
    translations: list[Row] = row.get("translations") or []
    return next((one for one in translations if one["languageCode"] == language), next(iter(translations), {}))


def translations_with(row: Row, language: str | None, changes: Mapping[str, Any], owned: Mapping[str, str]) -> Rows:
    """All translations of ``row``, as Gauzy wants them back, with the changed name and description in ``language``."""
    language = language or words_of(row).get("languageCode", "en")
    kept = ("id", "languageCode", "name", "description", "referenceId")
    every = [{name: one.get(name) for name in kept} for one in row.get("translations") or ()]
    if changes and all(one["languageCode"] != language for one in every):
        every.append({"languageCode": language})
    changed = [{**one, **changes} if one["languageCode"] == language else one for one in every]
    return [{**one, "organizationId": owned["organizationId"]} for one in changed]


def told(row: Row, language: str = "en") -> Row:
    """With name and description, and the names of type and category in their place."""
    words = words_of(row, language)
    related = {"typeName": row.get("productType"), "categoryName": row.get("productCategory")}
    names = {
        name: words_of(value, language).get("name") if isinstance(value, dict) else value
        for name, value in related.items()
    }
    rest = {name: value for name, value in row.items() if name not in ("productType", "productCategory")}
    return {**{name: words.get(name) for name in ("name", "description")}, **rest, **names}


class Products(Entity):
    async def read(self, gauzy: Gauzy, record_id: str, relations: Sequence[str] = ()) -> Row:
        wanted = dict.fromkeys((*self.include, "tags", "gallery", "featuredImage", "optionGroups", *relations))
        return told(await super().read(gauzy, record_id, tuple(wanted)))

    async def make(self, gauzy: Gauzy, arguments: dict[str, Any]) -> Row:
        """Gauzy checks ``type`` and ``category``, and stores the ids beside them."""
        owned = owner(await gauzy.identity())
        given = {"tags": [], **body_of(self.columns, arguments, with_defaults=True)}
        words: Row = {name: given.pop(name) for name in ("name", "description") if name in given}
        translations = translations_with({}, given.pop("language"), words, owned)
        body = {**owned, **given, **_kinds(given), "translations": translations, "optionGroupCreateInputs": []}
        return told(await self.post(gauzy, body))

    async def change(self, gauzy: Gauzy, arguments: dict[str, Any]) -> Row:
        changes = self.changes(arguments)
        language = changes.pop("language", None)
        if not changes:
            raise ToolError("Nothing to change: language says which name and description are meant")
        current = await self.read(gauzy, arguments["id"])
        words: Row = {name: changes.pop(name) for name in ("name", "description") if name in changes}
        row = {**current, **changes}
        if BY_POST & changes.keys():
            _refuse_to_lose(row)
        if words or changes.keys() - BY_POST:
            await self.put(gauzy, row, translations_with(row, language, words, owner(await gauzy.identity())))
        if BY_POST & changes.keys():
            await self._overwrite(gauzy, row)
        return await self.read(gauzy, arguments["id"])

    async def put(self, gauzy: Gauzy, row: Row, translations: Rows) -> None:
        """``PUT`` with everything that it would take away."""
        body = {
            **owner(await gauzy.identity()),
            **{name: row[name] for name in ("id", "code")},
            **_kinds(row),
            "tags": [{"id": tag["id"]} for tag in row.get("tags") or ()],
            "translations": translations,
            **NO_OPTIONS,
        }
        await gauzy.request("PUT", path_to(self.path + "/{id}", id=row["id"]), body=body)

    async def _overwrite(self, gauzy: Gauzy, row: Row) -> None:
        columns = (
            "id", "code", "enabled", "imageUrl", "productTypeId", "productCategoryId", "featuredImageId", "isActive",
            "isArchived", "createdByUserId",
        )  # fmt: skip
        kept = {name: row.get(name) for name in columns}
        body = {**owner(await gauzy.identity()), **kept, **_kinds(row), "optionGroupCreateInputs": []}
        await self.post(gauzy, body)


def _kinds(row: Row) -> Row:
    sources = {"type": "productTypeId", "category": "productCategoryId"}
    return {name: {"id": row[column]} for name, column in sources.items() if row.get(column)}


def _refuse_to_lose(row: Row) -> None:
    """The POST demands a type and a category, and saves the option groups that it makes as all there are."""
    if row.get("optionGroups"):
        raise ToolError("Gauzy would detach this product's option groups; change code, enabled and imageUrl in Gauzy")
    if len(_kinds(row)) < 2:
        raise ToolError("This product has no type or no category: give typeId and categoryId as well")


async def with_type(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
    """No tool lists the types, so that this one tells which there are."""
    if "typeId" in arguments:
        return arguments
    query = [*where_pairs(await context.gauzy.identity(), {}, {}), ("take", "50")]
    rows, _ = rows_of(await context.gauzy.request("GET", path_to("/product-types/pagination"), query=query))
    known = "; ".join(f"{row.get('name')}: {row['id']}" for row in rows)
    raise ToolError(f"Give typeId, one of: {known}")


product = Products(
    "product",
    "/products",
    "products",
    columns={
        "code": f.text(required=True),
        "name": f.text(required=True),
        "description": f.text(),
        "language": f.text(default="en", pattern=LANGUAGE),
        "typeId": f.ref("Without it: told which there are", column="productTypeId"),
        "categoryId": f.ref(column="productCategoryId", required=True),
        "enabled": f.boolean(),
        "imageUrl": f.text(),
        "tagIds": f.refs(column="tags[].id").as_unlisted(),
    },
    filters={
        "categoryId": f.ref(where="productCategoryId"),
        "typeId": f.ref(where="productTypeId"),
        "enabled": f.boolean(),
        "language": f.text("Such as bg", where="languageCode", pattern=LANGUAGE),
    },
    local={
        "name": containing("name", about="Part of it"),
        "code": Local(f.text().as_unlisted(), lambda row, code: composed(str(row.get("code"))) == code),
    },
    shows={
        "featuredImageId": "string",
        "typeName": "string",
        "categoryName": "string",
        "tags": "array",
        "gallery": "array",
        "translations": "array",
    },
    names={"languages": "translations[].languageCode"},
    include=("productType", "productCategory"),
    sort=("createdAt", "updatedAt", "code", "enabled"),
    relations=("tags", "gallery", "featuredImage", "variants", "optionGroups", "warehouses"),
    wrapper="product_data",
    data_relations=True,
    style=Retold(Pages(), lambda row, asked, _: told(row, asked.arguments.get("language") or "en")),
)


async def translated(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``GET /products/local/{language}/{id}``, which falls back to the first translation."""
    data = orjson.dumps({"relations": [*product.include]}).decode()
    path = path_to("/products/local/{language}/{id}", language=arguments["language"], id=arguments["id"])
    return project(told(await context.gauzy.request("GET", path, query=[("data", data)])), arguments)


Images = Callable[[Gauzy, Row, dict[str, Any]], Awaitable[Any]]


def _on_images(
    name: str, description: str, send: Images, more: Mapping[str, Any], effect: Effect = "changes"
) -> Tool:  # fmt: skip
    """A tool that changes the images of a product that is there, and answers the product."""

    async def run(context: ToolContext, arguments: dict[str, Any]) -> Any:
        row = await product.read(context.gauzy, arguments["productId"])
        await send(context.gauzy, row, arguments)
        return project(await product.read(context.gauzy, row["id"]), {})

    return Tool(
        name, description, "products", run, {"productId": f.UUID, **more}, ["productId", *more],
        output=product.output, effect=effect, keywords="picture photo",
    )  # fmt: skip


async def add_images(gauzy: Gauzy, row: Row, arguments: dict[str, Any]) -> None:
    body = [{"id": image_id} for image_id in arguments["imageIds"]]
    await gauzy.request("POST", path_to("/products/add-images/{id}", id=row["id"]), body=body)


async def feature(gauzy: Gauzy, row: Row, arguments: dict[str, Any]) -> None:
    await gauzy.request(
        "POST", path_to("/products/set-as-featured/{id}", id=row["id"]), body={"id": arguments["imageId"]}
    )


async def drop_image(gauzy: Gauzy, row: Row, arguments: dict[str, Any]) -> None:
    if all(image["id"] != arguments["imageId"] for image in row.get("gallery") or ()):
        raise ToolError(f"The gallery of this product has no image {arguments['imageId']}")
    await gauzy.request(
        "DELETE", path_to("/products/{id}/gallery-image/{imageId}", id=row["id"], imageId=arguments["imageId"])
    )


async def drop_featured(gauzy: Gauzy, row: Row, arguments: dict[str, Any]) -> None:
    await gauzy.request("DELETE", path_to("/products/featured-image/{id}", id=row["id"]))


IMAGES = {"imageIds": {"type": "array", "items": f.UUID, "minItems": 1, "maxItems": 50}}

TOOLS = [
    product.list("get_products", "Find products by name, category or type.", without=("language",)).found_by("goods"),
    product.list(
        "get_products_translated", "Products with their names in a language.", require=("language",), without=("name",)
    ),
    product.count("get_product_count", "How many products there are.", without=("language", "code")),
    product.list("get_products_pagination", "Products page by page.", without=("language", "name")),
    product.get("get_product", "One product, with its gallery, tags and translations."),
    Tool(
        "get_product_translated", "One product in a language.", "products", translated,
        {"id": f.UUID, "language": {"type": "string", "pattern": LANGUAGE}}, ["id", "language"],
        effect="reads", output=product.output,
    ),
    product.create("create_product", "Add a product.", prepare=with_type),
    product.update("update_product", "Change a product; other languages stay."),
    product.delete("delete_product", "Delete a product for good, with its variants."),
    _on_images("add_product_gallery_images", "Add images that Gauzy has to a product's gallery.", add_images, IMAGES),
    _on_images("set_product_featured_image", "Make an image the main one.", feature, {"imageId": f.UUID}),
    _on_images(
        "delete_product_gallery_image", "Take an image out of the gallery.", drop_image, {"imageId": f.UUID}, "deletes"
    ),
    _on_images("delete_product_featured_image", "Take the main image away.", drop_featured, {}, "deletes"),
]  # fmt: skip
