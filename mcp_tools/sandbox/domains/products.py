"""Products, their types, categories and pictures (Gauzy routes ``/products``, ``/product-…``, ``/image-assets``).

Names and descriptions exist once per language: a record keeps them under ``_translations``.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.demo import ident
from mcp_tools.sandbox.domains.inventory import EDIT, VIEW, FoundByData, data_of
from mcp_tools.sandbox.entity import BASE, Entity, selected
from mcp_tools.sandbox.http import MISSING, Call, DatabaseRefusal, Disguised, Reply, listed, not_found
from mcp_tools.sandbox.pictures import placeholder
from mcp_tools.sandbox.relations import Relation, Tree, many, nothing, one, owned, tree_of
from mcp_tools.sandbox.routing import delete, get, post, put
from mcp_tools.sandbox.rules import Check, Column, not_empty, path_id, plain, string
from mcp_tools.sandbox.store import Row, Transaction

CATEGORIES: Final = ("ORG_PRODUCT_CATEGORIES_VIEW",)
CATEGORIES_EDIT: Final = ("ORG_PRODUCT_CATEGORIES_EDIT",)
TYPES: Final = ("ORG_PRODUCT_TYPES_VIEW",)
_WORDS: Final = ("name", "description")


def translations_of(row: Row, body: Row, call: Call) -> list[Row]:
    """The translations of a body as they are stored; one that names a stored id goes on from that."""
    stored = {one["id"]: one for one in row.get("_translations", ())}
    made = {**BASE, "createdAt": call.now(), "createdByUserId": call.user_id, "tenantId": None}
    return [
        {"id": str(uuid.uuid4()), **made, **stored.get(sent.get("id"), {}), **sent, "updatedAt": call.now(),
         "description": sent.get("description"), "referenceId": row["id"]}
        for sent in body.get("translations") or ()
    ]  # fmt: skip


def words_of(row: Row, language: str) -> Row:
    """Name and description; empty in a language that the record does not have."""
    found: Row = next((known for known in row.get("_translations", ()) if known["languageCode"] == language), {})
    return {name: found[name] for name in _WORDS if name in found}


def _translated(store: Transaction, row: Row) -> list[Row]:
    return [{**one, "_tenantId": row["tenantId"]} for one in row.get("_translations", ())]


class Translated(Entity):
    """Shown by id with all translations."""

    def shown(self, store: Transaction, row: Row, tree: Tree, select: Sequence[str] = ()) -> Row:
        return {**super().shown(store, row, tree, select), "translations": row.get("_translations", [])}

    def links(self, call: Call, body: Row) -> Row:
        """Translations are no records of their own here."""
        return super().links(call, {name: value for name, value in body.items() if name != "translations"})


class Products(FoundByData, Translated):
    def listing(self, call: Call) -> Reply:
        return self.in_language(call, "en")

    def local(self, call: Call) -> Reply:
        """``GET /products/local/{language}``."""
        return self.in_language(call, call.ids[0])

    def in_language(self, call: Call, language: str) -> Reply:
        wanted, tree = data_of(call)
        rows = self.matching(call, wanted, paged=False)
        return Reply(200, {"items": [self.told(call, row, tree, language) for row in rows], "total": len(rows)})

    def page(self, call: Call, rows: Sequence[Row], total: int, tree: Tree | None = None) -> Reply:
        """``where[languageCode]`` is the language of the names."""
        asked = tree_of(listed(call.query.get("relations"))) if tree is None else tree
        language = (call.query.get("where") or {}).get("languageCode", "en")
        return Reply(200, {"items": [self.told(call, row, asked, language) for row in rows], "total": total})

    def told(self, call: Call, row: Row, tree: Tree, language: str) -> Row:
        """Type and category by their names alone."""
        rest = {name: branch for name, branch in tree.items() if name not in ("productType", "productCategory")}
        shown = self.shown(call.store, row, rest, selected(call))
        for name in tree.keys() - rest.keys():
            kind = self.relations[name].rows(call.store, row)
            words = words_of(kind[0], language) or words_of(kind[0], "en") if kind else {}
            shown[name] = words.get("name")
        return {**shown, **words_of(row, language)}

    def where(self, call: Call) -> Mapping[str, Any]:
        return {name: value for name, value in super().where(call).items() if name != "languageCode"}

    def count(self, call: Call) -> Reply:
        """Only ``data`` counts; other parameters have no effect."""
        return Reply(200, len(self.matching(call, data_of(call)[0], paged=False)))

    def get(self, call: Call) -> Reply:
        return Reply(200, self.shown(call.store, self.find(call, call.ids[0]), data_of(call)[1]))

    def get_local(self, call: Call) -> Reply:
        """``GET /products/local/{language}/{id}``: without translation the first one."""
        language, row = call.ids[0], self.find(call, call.ids[1])
        told = self.told(call, row, data_of(call)[1], language)
        first = row["_translations"][0]["languageCode"] if row.get("_translations") else language
        words = words_of(row, language) or words_of(row, first)
        return Reply(200, {name: value for name, value in told.items() if name != "translations"} | words)

    def check(self, call: Call, body: Row, record_id: str | None) -> None:
        """The organization is not asked for."""
        rules.demand(rules.validate({**self.columns, **KINDS}, body, creating=record_id is None))

    def create(self, call: Call) -> Reply:
        """With an id it overwrites that product, and empties the columns that are left out; translations stay.

        Without ``optionGroupCreateInputs`` the answer is an error, and the product is stored all the same.
        """
        body = call.body()
        self.check(call, body, None)
        self._demand_kinds(call, body)
        row = call.store.find(self.name, body.get("id"), call.tenant_id)
        row = self._overwritten(call, row, body) if row else self.insert(call, body)
        if "translations" in body:
            row = call.store.put(self.name, {**row, "_translations": translations_of(row, body, call)})
        if not isinstance(body.get("optionGroupCreateInputs"), list):
            raise Disguised("Cannot read properties of undefined (reading 'map')")
        return Reply(201, self._whole(call, row))

    def _overwritten(self, call: Call, row: Row, body: Row) -> Row:
        emptied = {name: body.get(name) for name in (*self.columns, "isActive", "isArchived")}
        return call.store.put(self.name, {**row, **emptied, "updatedAt": call.now(), "updatedByUserId": call.user_id})

    def _demand_kinds(self, call: Call, body: Row) -> None:
        for column, entity in (("productTypeId", "ProductType"), ("productCategoryId", "ProductCategory")):
            if body.get(column) and call.store.find(entity, body[column], call.tenant_id) is None:
                raise DatabaseRefusal()

    def update(self, call: Call) -> Reply:
        """Changes the product that the body names by id, and without that the first of the tenant."""
        body = call.body()
        if not isinstance(body.get("optionGroupCreateInputs"), list):
            raise Disguised("Cannot read properties of undefined (reading 'filter')")
        rows = call.store.rows(self.name, call.tenant_id)
        chosen = [row for row in rows if row["id"] == body["id"]] if "id" in body else rows[:1]
        if not chosen:
            raise not_found()
        row = {**chosen[0], "updatedAt": call.now(), "updatedByUserId": call.user_id}
        for name, column in (("type", "productTypeId"), ("category", "productCategoryId")):
            if isinstance(body.get(name), dict):
                row[column] = body[name].get("id")
        row |= self.links(call, body)
        row["_translations"] = translations_of(chosen[0], body, call)
        return Reply(202, self._whole(call, call.store.put(self.name, row)))

    def _whole(self, call: Call, row: Row) -> Row:
        around = ("variants", "optionGroups", "productType", "productCategory", "tags", "gallery")
        return self.shown(call.store, row, tree_of(around))

    def remove(self, call: Call) -> Reply:
        row = self.find(call, call.ids[0])
        call.store.delete(self.name, row["id"], call.tenant_id)
        return Reply(202, {"raw": [[], []], "affected": 1})

    # --- images --------------------------------------------------------------

    def add_images(self, call: Call) -> Reply:
        """What was there and what was sent is answered; what has no id is not stored."""
        sent = call.json()
        row = self._pictured(call)
        images = [image for image in sent if isinstance(image, dict)] if isinstance(sent, list) else []
        ids = [image["id"] for image in images if "id" in image]
        if any(call.store.find("ImageAsset", image_id, call.tenant_id) is None for image_id in ids):
            raise DatabaseRefusal("insert or update on table violates foreign key constraint")
        before = self._owned(call, row, ("gallery",))["gallery"]
        row = self._with_gallery(call, row, [*dict.fromkeys([*row.get("_gallery", ()), *ids])])
        return Reply(201, {**self._owned(call, row, ("gallery",)), "gallery": [*before, *images]})

    def drop_image(self, call: Call) -> Reply:
        row, image_id = self.find(call, call.ids[0]), call.ids[1]
        row = self._with_gallery(call, row, [known for known in row.get("_gallery", ()) if known != image_id])
        return Reply(202, self._owned(call, row, ("gallery", "variants")))

    def _with_gallery(self, call: Call, row: Row, ids: list[str]) -> Row:
        changed = {**row, "_gallery": ids, "updatedAt": call.now(), "updatedByUserId": call.user_id}
        return call.store.put(self.name, changed)

    def feature(self, call: Call) -> Reply:
        sent = call.body()
        row = self._pictured(call)
        if call.store.find("ImageAsset", sent.get("id"), call.tenant_id) is None:
            raise DatabaseRefusal("insert or update on table violates foreign key constraint")
        return Reply(201, {**self._featuring(call, row, sent["id"]), "featuredImage": sent})

    def unfeature(self, call: Call) -> Reply:
        return Reply(202, self._featuring(call, self._pictured(call), None))

    def _featuring(self, call: Call, row: Row, image_id: str | None) -> Row:
        changed = {**row, "featuredImageId": image_id, "updatedAt": call.now(), "updatedByUserId": call.user_id}
        return self._owned(call, call.store.put(self.name, changed), ("featuredImage",))

    def _owned(self, call: Call, row: Row, relations: Sequence[str]) -> Row:
        return {**self.shown(call.store, row, tree_of(relations)), "tenant": {"id": call.tenant_id}}

    def _pictured(self, call: Call) -> Row:
        """The product. An unknown one is a 400 on the routes of images."""
        row = call.store.find(self.name, path_id(call.ids[0]), call.tenant_id)
        if row is None:
            raise DatabaseRefusal(MISSING)
        return row


class Categories(Translated):
    def page(self, call: Call, rows: Sequence[Row], total: int, tree: Tree | None = None) -> Reply:
        """Lists tell the words of one language."""
        asked = tree_of(listed(call.query.get("relations"))) if tree is None else tree
        return Reply(200, {"items": [self._worded(call, row, asked) for row in rows], "total": total})

    def _worded(self, call: Call, row: Row, tree: Tree) -> Row:
        shown = self.shown(call.store, row, tree)
        del shown["translations"]
        return {**shown, "name": None, "description": None, **words_of(row, "en"), "referenceId": row["id"]}

    def check(self, call: Call, body: Row, record_id: str | None) -> None:
        found = rules.organization(call, body)
        for number, one_of_them in enumerate(body.get("translations") or ()):
            found += rules.organization(call, one_of_them, f"translations.{number}.")
        rules.demand(found)

    def insert(self, call: Call, body: Row) -> Row:
        row = super().insert(call, body)
        return call.store.put(self.name, {**row, "_translations": translations_of(row, body, call)})

    def as_created(self, call: Call, row: Row, body: Row) -> Any:
        words = {"name": None, "description": None, **words_of(row, "en"), "referenceId": row["id"]}
        return {**super().as_created(call, row, body), **words}

    def update(self, call: Call) -> Reply:
        """Deletes the row, at which its products lose it, and inserts the body: without its id under another one."""
        body, old = call.body(), path_id(call.ids[0])
        self.check(call, body, old)
        call.store.delete(self.name, old, call.tenant_id)
        self.let_go(call, old)
        row = self.insert(call, body)
        if body.get("id"):
            call.store.delete(self.name, row["id"], call.tenant_id)
            moved = [{**one, "referenceId": body["id"]} for one in row["_translations"]]
            row = call.store.put(self.name, {**row, "id": body["id"], "_translations": moved})
        told = super().as_created(call, row, body)
        return Reply(202, {**told, "translations": row["_translations"]})

    def remove(self, call: Call) -> Reply:
        self.let_go(call, call.ids[0])
        return super().remove(call)

    def let_go(self, call: Call, category_id: str) -> None:
        for row in call.store.rows("Product", call.tenant_id):
            if row["productCategoryId"] == category_id:
                call.store.put("Product", {**row, "productCategoryId": None})


def _filled(name: str) -> Check:
    def check(_: str, value: Any) -> list[str]:
        if isinstance(value, dict) and value:
            return []
        return [f"{name} must be a non-empty object", f"{name} must be an object"]

    return check


KINDS: Final = {name: Column(checks=(_filled(name),), needed=True) for name in ("type", "category")}
product = Products(
    "Product",
    {
        **plain("enabled", True),
        "code": Column(checks=(string, not_empty), needed=True, kept=True),
        **plain("imageUrl featuredImageId productTypeId productCategoryId"),
    },
    {
        "productType": one("ProductType", "productTypeId"),
        "productCategory": one("ProductCategory", "productCategoryId"),
        "tags": many("Tag", "tags"),
        "gallery": many("ImageAsset", "gallery"),
        "featuredImage": one("ImageAsset", "featuredImageId"),
        "translations": Relation("ProductTranslation", _translated),
        **dict.fromkeys(("variants", "optionGroups", "warehouses", "invoiceItems"), nothing()),
    },
)
translation = Entity("ProductTranslation", plain("name description languageCode referenceId"))
category = Categories(
    "ProductCategory",
    plain("imageUrl imageId"),
    {
        "products": owned("Product", "productCategoryId"),
        "translations": Relation("ProductTranslation", _translated),
    },
    extra={"image": None},
)
kind = Categories("ProductType", plain("icon"), {"translations": Relation("ProductTranslation", _translated)})
image = Entity(
    "ImageAsset",
    {**plain("name url thumb"), **plain("width height", 0), **plain("size"), **plain("isFeatured", False)},
    extra={"fullUrl": None, "thumbUrl": None},
)

ROUTES = [
    get("/products", product.listing, *VIEW),
    get("/products/pagination", product.paginate, *VIEW),
    get("/products/count", product.count, *VIEW),
    get("/products/local/:language", product.local, *VIEW),
    get("/products/local/:language/:id", product.get_local, *VIEW),
    get("/products/:id", product.get, *VIEW),
    post("/products", product.create, *EDIT),
    put("/products/:id", product.update, *EDIT),
    delete("/products/:id", product.remove, *EDIT),
    post("/products/add-images/:id", product.add_images, *EDIT),
    post("/products/set-as-featured/:id", product.feature, *EDIT),
    delete("/products/featured-image/:id", product.unfeature, *EDIT),
    delete("/products/:id/gallery-image/:image", product.drop_image, *EDIT),
    *category.routes("/product-categories", view=CATEGORIES, add=CATEGORIES_EDIT, edit=CATEGORIES_EDIT,
                     remove=CATEGORIES_EDIT),
    get("/product-categories/:id", category.get, *CATEGORIES_EDIT),
    get("/product-types/pagination", kind.paginate, *TYPES),
    get("/image-assets/pagination", image.paginate, "ALL_ORG_VIEW", "MEDIA_GALLERY_VIEW"),
]  # fmt: skip

TYPE_NAMES: Final = {"Goods": "Waren", "Service": "Dienstleistung", "Licence": "Lizenz"}
CATEGORY_NAMES: Final = {
    "Fleet devices": ("Flottengeräte", "What drivers and vans carry."),
    "Software": ("Software", "What runs on them."),
    "Consulting": ("Beratung", "Time of our people."),
    "Training": ("Schulung", "Courses for teams."),
}
PRODUCTS: Final = (
    ("GPS-100", "Van tracker", "Fahrzeugsender", "Fleet devices", "Goods"),
    ("GPS-200", "Van tracker with camera", "Fahrzeugsender mit Kamera", "Fleet devices", "Goods"),
    ("SCN-10", "Parcel scanner", "Paketscanner", "Fleet devices", "Goods"),
    ("1001", "Dashboard mount", None, "Fleet devices", "Goods"),
    ("APO-STD", "Route planner, per van and month", "Tourenplaner, je Fahrzeug und Monat", "Software", "Licence"),
    ("APO-PRO", "Route planner with live traffic", "Tourenplaner mit Verkehrslage", "Software", "Licence"),
    ("SHOP-1", "Shop hosting", "Shop-Betrieb", "Software", "Service"),
    ("DAY-DEV", "Day of a developer", "Entwicklertag", "Consulting", "Service"),
    ("DAY-DES", "Day of a designer", "Designtag", "Consulting", "Service"),
    ("CRS-ACC", "Course: accessible shops", None, "Training", "Service"),
)
"""Code, names in English and German, category and type."""


def fill(company: Any) -> None:
    """The demo company's catalogue, with names in English and most in German."""
    for name, in_german in TYPE_NAMES.items():
        _new(company, kind, name, {"icon": "cube-outline"}, (name, in_german), None)
    for name, (in_german, about) in CATEGORY_NAMES.items():
        _new(company, category, name, {"imageUrl": placeholder(name)}, (name, in_german), about)
    for code, name, german, group, sort in PRODUCTS:
        kinds = {"productCategoryId": ident("ProductCategory", group), "productTypeId": ident("ProductType", sort)}
        picture = {"_gallery": [ident(image.name, name)]} if name == "Van tracker" else {}
        _new(company, product, code, {"code": code, **kinds, **picture}, (name, german), f"{name}, from our catalogue.")
    for name in ("Van tracker", "Parcel scanner", "Warehouse"):
        company.new(image.name, name, {"name": name, "url": placeholder(name)})


def _new(company: Any, entity: Entity, key: str, values: Row, names: tuple[str, str | None], about: str | None) -> None:
    record_id = ident(entity.name, key)
    owner = {"tenantId": None, "organizationId": company.organization_id, "referenceId": record_id, **BASE}
    moment = company.store.now()
    made = [
        {**owner, "id": ident("Translation", f"{entity.name}/{key}/{language}"), "languageCode": language,
         "name": name, "description": about if language == "en" else None, "createdAt": moment, "updatedAt": moment}
        for language, name in zip(("en", "de"), names, strict=True) if name is not None
    ]  # fmt: skip
    company.new(entity.name, key, {**values, "_translations": made})
