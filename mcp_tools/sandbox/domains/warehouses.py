"""Warehouses (Gauzy route ``/warehouses``)."""

from __future__ import annotations

from typing import Any, Final

from mcp_tools.sandbox.domains.inventory import EDIT, VIEW, Saved
from mcp_tools.sandbox.domains.organization_contacts import address
from mcp_tools.sandbox.entity import public
from mcp_tools.sandbox.http import Call
from mcp_tools.sandbox.relations import many, nobody, nothing, one
from mcp_tools.sandbox.rules import Column, email, not_empty, plain, string
from mcp_tools.sandbox.store import Row


class Warehouses(Saved):
    """An address comes with the body; one that is sent without its id takes the place of the one before."""

    def insert(self, call: Call, body: Row) -> Row:
        return super().insert(call, {**body, **self._address(call, body)})

    def change(self, call: Call, row: Row, body: Row) -> Row:
        return super().change(call, row, {**body, **self._address(call, body)})

    def _address(self, call: Call, body: Row) -> Row:
        given = body.get("contact")
        if not isinstance(given, dict):
            return {}
        known = call.store.find("Contact", given.get("id"), call.tenant_id)
        if known is not None:
            return {"contactId": address.change(call, known, given)["id"]}
        values = {name: given[name] for name in (*address.columns, "organizationId") if name in given}
        return {"contactId": address.new(call.store, call.tenant_id, call.user_id, values)["id"]}

    def as_created(self, call: Call, row: Row, body: Row) -> Any:
        sent = {name: body[name] for name in ("tags", "merchants") if name in body}
        contact = self.relations["contact"].rows(call.store, row)
        return {**super().as_created(call, row, body), **sent, **({"contact": public(contact[0])} if contact else {})}


warehouse = Warehouses(
    "Warehouse",
    {
        "name": Column(checks=(string, not_empty), needed=True, kept=True),
        "code": Column(checks=(string, not_empty), needed=True, kept=True),
        "email": Column(checks=(email, not_empty), needed=True, kept=True),
        **plain("description"),
        **plain("active", True),
        **plain("logoId contactId"),
    },
    {
        "contact": one("Contact", "contactId"),
        "tags": many("Tag", "tags"),
        "logo": nobody(),
        **dict.fromkeys(("products", "merchants"), nothing()),
    },
    solid=("name", "code", "email", "active"),
)

ROUTES = warehouse.routes("/warehouses", view=VIEW, add=EDIT, edit=EDIT, remove=EDIT)

WAREHOUSES: Final = (
    ("Hamburg Harbour", "HAM", "hamburg@stock.example", "DE", "Hamburg", "Am Sandtorkai 30", "20457", True),
    ("London Docklands", "LON", "london@stock.example", "GB", "London", "4 Royal Albert Way", "E16 2QU", True),
    ("Oslo North", "400", "oslo@stock.example", "NO", "Oslo", "Alnabru 12", "0668", True),
    ("Old barn", "OLD", "barn@stock.example", "DE", "Lüneburg", "Feldweg 1", "21335", False),
)
"""Name, code, e-mail address, country, city, street, postcode, and whether it is in use."""


def fill(company: Any) -> None:
    """Where the demo company keeps its goods."""
    for name, code, mail, country, city, street, postcode, active in WAREHOUSES:
        place = {"country": country, "city": city, "address": street, "postcode": postcode}
        made = company.new("Contact", f"warehouse/{name}", {"name": name, **place})
        values = {"name": name, "code": code, "email": mail, "active": active, "contactId": made["id"]}
        company.new(warehouse.name, name, values)
