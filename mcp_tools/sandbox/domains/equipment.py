"""Equipment, and the sharings that say who asked for it and who has it (Gauzy routes ``/equipment…``)."""

from __future__ import annotations

import datetime
from typing import Any, Final

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.demo import ident
from mcp_tools.sandbox.domains.inventory import FoundByData, Saved, currency, not_null
from mcp_tools.sandbox.http import FOREIGN_KEY, Call, Refusal, Reply
from mcp_tools.sandbox.relations import many, nobody, one, owned, tree_of
from mcp_tools.sandbox.routing import delete, get, post, put
from mcp_tools.sandbox.rules import Column, not_empty, path_id, plain, string
from mcp_tools.sandbox.store import Row, iso

VIEW: Final = ("ORG_EQUIPMENT_SHARING_VIEW",)
ASK: Final = ("EQUIPMENT_MAKE_REQUEST", "ORG_EQUIPMENT_SHARING_EDIT")
DECIDE: Final = ("EQUIPMENT_APPROVE_REQUEST", "ORG_EQUIPMENT_SHARING_EDIT")
REQUESTED, APPROVED, REFUSED = 1, 2, 3


class Items(FoundByData, Saved):
    """Nothing here asks for a permission: an employee may change and delete equipment."""

    def remove(self, call: Call) -> Reply:
        for row in self.relations["equipmentSharings"].rows(call.store, self._named(call)):
            call.store.delete(sharing.name, row["id"], call.tenant_id)
        return super().remove(call)

    def _named(self, call: Call) -> Row:
        return {"id": path_id(call.ids[0]), "tenantId": call.tenant_id}


class Sharings(FoundByData):
    def paginate(self, call: Call) -> Reply:
        """Only rows that somebody made, and for an employee his own; with everything around them."""
        where = {"organizationId": self.where(call)["organizationId"]}
        rows = [row for row in self.matching(call, where, paged=True) if row["createdByUserId"]]
        if call.role == "EMPLOYEE":
            rows = [row for row in rows if row["createdByUserId"] == call.user_id]
        tree = tree_of(("equipment", "createdByUser", "equipmentSharingPolicy", "employees", "teams"))
        answer = self.page(call, rows, len(rows), tree)
        for shown in answer.body["items"]:
            del shown["createdByUser"]["image"]
        return answer

    def insert(self, call: Call, body: Row) -> Row:
        if body.get("status") is None:
            raise not_null("status")
        item_id = body.get("equipmentId")
        if item_id is not None and call.store.find(item.name, item_id, call.tenant_id) is None:
            raise Refusal(400, FOREIGN_KEY, named=False)
        return super().insert(call, body)

    def as_created(self, call: Call, row: Row, body: Row) -> Any:
        sent = {name: body[name] for name in ("employees", "teams") if name in body}
        return {**super().as_created(call, row, body), **sent}

    def ask(self, call: Call) -> Reply:
        """``POST /equipment-sharing/organization/{id}`` files an approval beside it, which wants a name."""
        body = {**call.body(), "organizationId": call.ids[0]}
        rules.demand(rules.organization(call, body))
        if not body.get("name"):
            raise not_null("name")
        return Reply(202, self.as_created(call, self.insert(call, body), body))

    def update(self, call: Call) -> Reply:
        """Deletes the row and inserts the body, with an id of its own."""
        self.remove(call)
        body = call.body()
        return Reply(202, self.as_created(call, self.insert(call, body), body))

    def decided(self, call: Call, status: int) -> Reply:
        """The same trap: what is left of a request is its status."""
        self.remove(call)
        body = {"status": status}
        return Reply(202, self.as_created(call, self.insert(call, body), body))


item = Items(
    "Equipment",
    {
        "name": Column(checks=(string, not_empty), needed=True, kept=True),
        **plain("type serialNumber manufacturedYear initialCost"),
        "currency": Column(checks=(currency,), needed=True, kept=True),
        **plain("maxSharePeriod autoApproveShare"),
        "isActive": Column(True),
        "isArchived": Column(False),
    },
    {
        "equipmentSharings": owned("EquipmentSharing", "equipmentId"),
        "tags": many("Tag", "tags"),
        "image": nobody(),
        "createdByUser": one("User", "createdByUserId"),
        "organization": one("Organization", "organizationId"),
    },
    contains=("name", "type", "serialNumber"),
    updated=200,
    solid=("name", "type", "serialNumber", "currency", "autoApproveShare"),
)
sharing = Sharings(
    "EquipmentSharing",
    plain("name shareRequestDay shareStartDay shareEndDay status equipmentId equipmentSharingPolicyId"),
    {
        "equipment": one("Equipment", "equipmentId"),
        "employees": many("Employee", "employees"),
        "teams": many("OrganizationTeam", "teams"),
        "equipmentSharingPolicy": nobody(),
        "createdByUser": one("User", "createdByUserId"),
    },
)

ROUTES = [
    *item.routes("/equipment"),
    get("/equipment-sharing", sharing.listing, *VIEW),
    get("/equipment-sharing/pagination", sharing.paginate, *VIEW),
    get("/equipment-sharing/count", sharing.count),
    get("/equipment-sharing/:id", sharing.get),
    post("/equipment-sharing", sharing.create),
    post("/equipment-sharing/organization/:id", sharing.ask, *ASK),
    put("/equipment-sharing/:id", sharing.update, *DECIDE),
    put("/equipment-sharing/approval/:id", lambda call: sharing.decided(call, APPROVED), *DECIDE),
    put("/equipment-sharing/refuse/:id", lambda call: sharing.decided(call, REFUSED), *DECIDE),
    delete("/equipment-sharing/:id", sharing.remove),
]

ITEMS: Final = (
    ("ThinkPad X1 Carbon", "Laptop", "TP-X1-2207", 2024, 1890, "USD", None, False),
    ("MacBook Pro 14", "Laptop", "MBP-14-0931", 2025, 2399, "USD", None, False),
    ("MacBook Air 13", "Laptop", "MBA-13-1184", 2023, 1199, "USD", None, False),
    ("Dell UltraSharp 27", "Monitor", "DU-27-4410", 2023, 489, "USD", None, True),
    ("LG Ergo 32", "Monitor", "LG-32-0072", 2024, 549, "USD", None, True),
    ("Pixel 9 test phone", "Phone", "PX-9-3316", 2025, 799, "USD", 14, True),
    ("iPhone 15 test phone", "Phone", "IP-15-8820", 2024, 899, "USD", 14, True),
    ("Zebra TC58 scanner", "Scanner", "ZB-58-1007", 2024, 1350, "EUR", 30, False),
    ("Sony A7 camera", "Camera", "SN-A7-5521", 2022, 2100, "EUR", 7, False),
    ("Epson EB-L200 projector", "Projector", "EP-L2-0415", 2021, 1150, "EUR", 3, True),
    ("Volkswagen ID.3", "Car", "B-GZ 314", 2023, 38900, "EUR", 5, False),
    ("Brother HL-L8260 printer", "Printer", "BR-82-6650", 2019, 420, "USD", None, False),
)
"""Name, type, serial number, year, cost, currency, longest loan in days, and whether a loan needs no approval."""
LOANS: Final = (
    ("MacBook Pro 14", "demo", APPROVED, -200, None),
    ("ThinkPad X1 Carbon", "employee", APPROVED, -150, None),
    ("Dell UltraSharp 27", "employee", APPROVED, -150, None),
    ("Sony A7 camera", "yuki.tanaka", APPROVED, -2, 5),
    ("Pixel 9 test phone", "liam.oconnor", APPROVED, -60, -46),
    ("Volkswagen ID.3", "sofia.castro", REQUESTED, 3, 4),
    ("Epson EB-L200 projector", "chloe.martin", REQUESTED, 6, 6),
    ("Volkswagen ID.3", "daniel.kim", REFUSED, -20, -10),
)
"""Item, employee, status, and the days from today on which a loan begins and ends."""


def fill(company: Any) -> None:
    """The demo company's equipment, of which some is lent and the printer is retired."""
    for name, kind, serial, year, cost, money, longest, free in ITEMS:
        values = {"name": name, "type": kind, "serialNumber": serial, "manufacturedYear": year, "initialCost": cost}
        retired = kind == "Printer"
        rest = {"currency": money, "maxSharePeriod": longest, "autoApproveShare": free}
        company.new(item.name, name, {**values, **rest, "isActive": not retired, "isArchived": retired})
    for name, person, status, first, last in LOANS:
        begins, ends = (
            None if day is None else iso(company.midnight + datetime.timedelta(day)) for day in (first, last)
        )
        values = {"name": name, "status": status, "equipmentId": ident(item.name, name), "shareRequestDay": begins}
        period = {"shareStartDay": begins, "shareEndDay": ends, "_employees": [company.employees[person]["id"]]}
        company.new(sharing.name, f"{name}/{person}", {**values, **period})
