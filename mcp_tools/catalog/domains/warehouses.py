"""Warehouses (Gauzy route ``/warehouses``)."""

from __future__ import annotations

from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.entity import Entity
from mcp_tools.catalog.local import Local, containing
from mcp_tools.catalog.texts import composed

ADDRESS: Final = ("country", "city", "address", "postcode")

warehouse = Entity(
    "warehouse",
    "/warehouses",
    "warehouses",
    columns={
        "name": f.text(required=True),
        "code": f.text(required=True),
        "email": f.text(format="email", required=True),
        "description": f.text(),
        "active": f.boolean(),
        **{name: f.text(column=f"contact.{name}") for name in ADDRESS},
        "addressOwner": f.ref(column="contact.organizationId").as_unlisted(),
        "tagIds": f.refs(column="tags[].id").as_unlisted(),
        "logoId": f.ref().as_unlisted(),
    },
    filters={"active": f.boolean(), "city": f.text(where="contact.city")},
    local={
        "name": containing("name", about="Part of it"),
        # On /pagination Gauzy takes a code of digits for true.
        "code": Local(f.text(), lambda row, code: composed(str(row.get("code"))) == code),
    },
    shows={"contactId": "string", "contact": "object", "products": "array"},
    sort=("name", "code", "createdAt", "active"),
    relations=("products", "products.product", "merchants", "tags", "logo"),
    merge=("name", "code", "email"),
    carry={"contact": "contactId"},
    names={"city": "contact.city", "country": "contact.country"},
    include=("contact",),
    wrapper="warehouse_data",
)


async def owned(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
    """An address belongs to the organization only if it says so."""
    if not any(name in arguments for name in ADDRESS):
        return arguments
    return {**arguments, "addressOwner": (await context.gauzy.identity()).organization_id}


TOOLS = [
    warehouse.list("get_warehouses", "Find warehouses by name, code or city.", sort="name").found_by(
        "inventory stock storage depot"
    ),
    warehouse.get("get_warehouse", "One warehouse by id."),
    warehouse.create("create_warehouse", "Add a warehouse.", prepare=owned),
    warehouse.update("update_warehouse", "Change a warehouse.", prepare=owned),
    warehouse.delete("delete_warehouse", "Delete a warehouse for good, with its stock."),
]
